<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="de" sourcelanguage="en">
 <context>
  <name>Wordbrush</name>
  <message>
   <source>&amp;New</source>
   <translation>&amp;Neu</translation>
  </message>
  <message>
   <source>Start an empty scene</source>
   <translation>Eine leere Szene beginnen</translation>
  </message>
  <message>
   <source>&amp;Open…</source>
   <translation>Ö&amp;ffnen…</translation>
  </message>
  <message>
   <source>Open a scene, or a picture that contains one</source>
   <translation>Eine Szene öffnen oder ein Bild, das eine enthält</translation>
  </message>
  <message>
   <source>&amp;Save</source>
   <translation>&amp;Speichern</translation>
  </message>
  <message>
   <source>Save the scene</source>
   <translation>Die Szene speichern</translation>
  </message>
  <message>
   <source>Save &amp;As…</source>
   <translation>Speichern &amp;unter…</translation>
  </message>
  <message>
   <source>Save the scene under another name</source>
   <translation>Die Szene unter einem anderen Namen speichern</translation>
  </message>
  <message>
   <source>&amp;Export Picture…</source>
   <translation>Bild &amp;exportieren…</translation>
  </message>
  <message>
   <source>Save the picture on the canvas as PNG, WebP or JPEG</source>
   <translation>Das Bild auf der Leinwand als PNG, WebP oder JPEG speichern</translation>
  </message>
  <message>
   <source>Export With &amp;Metadata</source>
   <translation>Mit &amp;Metadaten exportieren</translation>
  </message>
  <message>
   <source>Keep prompt, paint and seed inside exported pictures</source>
   <translation>Prompt, Bemalung und Seed in exportierten Bildern behalten</translation>
  </message>
  <message>
   <source>&amp;Import Colour Map…</source>
   <translation>&amp;Farbkarte importieren…</translation>
  </message>
  <message>
   <source>Make painted words of a picture of flat colours</source>
   <translation>Aus einem Bild mit Farbflächen gemalte Wörter machen</translation>
  </message>
  <message>
   <source>Export &amp;Colour Map…</source>
   <translation>Farb&amp;karte exportieren…</translation>
  </message>
  <message>
   <source>Save the paint as a picture of flat colours, with a table</source>
   <translation>Die Bemalung als Bild mit Farbflächen speichern, mit einer Tabelle</translation>
  </message>
  <message>
   <source>&amp;Recover Unsaved Scenes…</source>
   <translation>Ungespeicherte Szenen &amp;wiederherstellen…</translation>
  </message>
  <message>
   <source>See the scenes of programs that ended without closing, and take them back</source>
   <translation>Szenen von Programmen sehen, die nicht ordentlich beendet wurden, und zurückholen</translation>
  </message>
  <message>
   <source>&amp;Quit</source>
   <translation>&amp;Beenden</translation>
  </message>
  <message>
   <source>Close Wordbrush</source>
   <translation>Wordbrush schließen</translation>
  </message>
  <message>
   <source>&amp;Undo</source>
   <translation>&amp;Rückgängig</translation>
  </message>
  <message>
   <source>Undo</source>
   <translation>Rückgängig</translation>
  </message>
  <message>
   <source>&amp;Redo</source>
   <translation>&amp;Wiederholen</translation>
  </message>
  <message>
   <source>Redo</source>
   <translation>Wiederholen</translation>
  </message>
  <message>
   <source>Pre&amp;ferences…</source>
   <translation>&amp;Einstellungen…</translation>
  </message>
  <message>
   <source>Theme, language, folders, memory and keys on one page, with a search</source>
   <translation>Aussehen, Sprache, Ordner, Speicher und Tasten auf einer Seite, mit Suche</translation>
  </message>
  <message>
   <source>&amp;Keyboard Shortcuts…</source>
   <translation>&amp;Tastenkürzel…</translation>
  </message>
  <message>
   <source>See and change all keyboard shortcuts</source>
   <translation>Alle Tastenkürzel sehen und ändern</translation>
  </message>
  <message>
   <source>&amp;Paint This Phrase</source>
   <translation>Diese Wortgruppe &amp;malen</translation>
  </message>
  <message>
   <source>Paint the phrase that is marked in the prompt</source>
   <translation>Die Wortgruppe malen, die im Prompt markiert ist</translation>
  </message>
  <message>
   <source>P&amp;alette…</source>
   <translation>P&amp;alette…</translation>
  </message>
  <message>
   <source>Choose from pictures what to paint; it joins the prompt and is on the brush</source>
   <translation>Anhand von Bildern auswählen, was gemalt wird; es kommt in den Prompt und liegt auf dem Pinsel</translation>
  </message>
  <message>
   <source>&amp;Next Word</source>
   <translation>&amp;Nächstes Wort</translation>
  </message>
  <message>
   <source>Choose the next painted word</source>
   <translation>Das nächste bemalte Wort wählen</translation>
  </message>
  <message>
   <source>Pre&amp;vious Word</source>
   <translation>&amp;Voriges Wort</translation>
  </message>
  <message>
   <source>Choose the previous painted word</source>
   <translation>Das vorige bemalte Wort wählen</translation>
  </message>
  <message>
   <source>&amp;Edit the Prompt</source>
   <translation>Den Prompt b&amp;earbeiten</translation>
  </message>
  <message>
   <source>Type in the prompt, after the chosen word</source>
   <translation>Im Prompt hinter dem gewählten Wort schreiben</translation>
  </message>
  <message>
   <source>&amp;Fill the Rest</source>
   <translation>Den Rest &amp;füllen</translation>
  </message>
  <message>
   <source>Paint the chosen word wherever no other word has paint; Shift-click fills everything</source>
   <translation>Das gewählte Wort überall malen, wo kein anderes Wort ist; mit Umschalt-Klick alles füllen</translation>
  </message>
  <message>
   <source>Fill &amp;Everything</source>
   <translation>&amp;Alles füllen</translation>
  </message>
  <message>
   <source>Paint the chosen word over the whole canvas, other words included</source>
   <translation>Das gewählte Wort über die ganze Leinwand malen, auch über andere Wörter</translation>
  </message>
  <message>
   <source>&amp;Clear</source>
   <translation>&amp;Leeren</translation>
  </message>
  <message>
   <source>Remove all paint of the chosen word</source>
   <translation>Die ganze Bemalung des gewählten Wortes entfernen</translation>
  </message>
  <message>
   <source>&amp;Remove Word</source>
   <translation>Wort &amp;entfernen</translation>
  </message>
  <message>
   <source>Remove the chosen word from the list, with its paint</source>
   <translation>Das gewählte Wort mit seiner Bemalung aus der Liste entfernen</translation>
  </message>
  <message>
   <source>Remove Words &amp;Not in the Prompt</source>
   <translation>Wörter entfernen, die &amp;nicht im Prompt stehen</translation>
  </message>
  <message>
   <source>Remove all words that are no longer in the prompt, with their paint</source>
   <translation>Alle Wörter, die nicht mehr im Prompt stehen, mit ihrer Bemalung entfernen</translation>
  </message>
  <message>
   <source>&amp;Keep It Where It Is</source>
   <translation>Da &amp;behalten, wo es ist</translation>
  </message>
  <message>
   <source>Paint the chosen word, or the one whose heatmap is shown, where the picture has it</source>
   <translation>Das gewählte Wort, oder das, dessen Heatmap gezeigt wird, dort malen, wo das Bild es hat</translation>
  </message>
  <message>
   <source>C&amp;ut Out to PNG…</source>
   <translation>Als PNG a&amp;usschneiden…</translation>
  </message>
  <message>
   <source>Save the chosen word as a PNG that is see-through around it, by its heatmap and the picture's edges</source>
   <translation>Das gewählte Wort als PNG speichern, das ringsum durchsichtig ist, nach seiner Heatmap und den Kanten des Bildes</translation>
  </message>
  <message>
   <source>&amp;Boost Weak Words</source>
   <translation>&amp;Schwache Wörter verstärken</translation>
  </message>
  <message>
   <source>Make the words that may be missing stronger, and generate again with the same seed</source>
   <translation>Wörter stärker machen, die fehlen könnten, und mit demselben Seed neu erzeugen</translation>
  </message>
  <message>
   <source>&amp;Brush</source>
   <translation>&amp;Pinsel</translation>
  </message>
  <message>
   <source>Paint where the chosen word should be</source>
   <translation>Malen, wo das gewählte Wort sein soll</translation>
  </message>
  <message>
   <source>&amp;Eraser</source>
   <translation>&amp;Radierer</translation>
  </message>
  <message>
   <source>Take paint away</source>
   <translation>Bemalung wegnehmen</translation>
  </message>
  <message>
   <source>&amp;Line</source>
   <translation>&amp;Linie</translation>
  </message>
  <message>
   <source>Draw a straight line with the brush</source>
   <translation>Mit dem Pinsel eine gerade Linie ziehen</translation>
  </message>
  <message>
   <source>&amp;Rectangle</source>
   <translation>&amp;Rechteck</translation>
  </message>
  <message>
   <source>Paint a rectangle</source>
   <translation>Ein Rechteck malen</translation>
  </message>
  <message>
   <source>&amp;Ellipse</source>
   <translation>&amp;Ellipse</translation>
  </message>
  <message>
   <source>Paint an ellipse</source>
   <translation>Eine Ellipse malen</translation>
  </message>
  <message>
   <source>L&amp;asso</source>
   <translation>L&amp;asso</translation>
  </message>
  <message>
   <source>Paint what you draw around</source>
   <translation>Malen, was du umfährst</translation>
  </message>
  <message>
   <source>&amp;Polygon</source>
   <translation>&amp;Vieleck</translation>
  </message>
  <message>
   <source>Paint a shape, corner by corner</source>
   <translation>Eine Form Ecke für Ecke malen</translation>
  </message>
  <message>
   <source>&amp;Bucket</source>
   <translation>&amp;Farbeimer</translation>
  </message>
  <message>
   <source>Fill up to the paint of other words</source>
   <translation>Bis an die Bemalung anderer Wörter füllen</translation>
  </message>
  <message>
   <source>&amp;Gradient</source>
   <translation>&amp;Verlauf</translation>
  </message>
  <message>
   <source>Let a word's paint fade away</source>
   <translation>Die Bemalung eines Wortes auslaufen lassen</translation>
  </message>
  <message>
   <source>&amp;Move</source>
   <translation>Verschie&amp;ben</translation>
  </message>
  <message>
   <source>Move the chosen word's paint, or what is selected of it</source>
   <translation>Die Bemalung des gewählten Wortes verschieben, oder was davon ausgewählt ist</translation>
  </message>
  <message>
   <source>&amp;Transform</source>
   <translation>&amp;Transformieren</translation>
  </message>
  <message>
   <source>Scale, turn, mirror and move the chosen word's paint, or what is selected of it</source>
   <translation>Die Bemalung des gewählten Wortes, oder was davon ausgewählt ist, skalieren, drehen, spiegeln und verschieben</translation>
  </message>
  <message>
   <source>Word Pic&amp;ker</source>
   <translation>Wort a&amp;ufnehmen</translation>
  </message>
  <message>
   <source>Pick a word from the canvas</source>
   <translation>Ein Wort von der Leinwand aufnehmen</translation>
  </message>
  <message>
   <source>Eye&amp;dropper</source>
   <translation>Farb&amp;pipette</translation>
  </message>
  <message>
   <source>Take a colour from the painted colours or from the picture</source>
   <translation>Eine Farbe aus den gemalten Farben oder aus dem Bild nehmen</translation>
  </message>
  <message>
   <source>Paint &amp;Colours</source>
   <translation>&amp;Farben malen</translation>
  </message>
  <message>
   <source>Paint colours under the words that the picture begins from</source>
   <translation>Unter den Wörtern Farben malen, von denen das Bild ausgeht</translation>
  </message>
  <message>
   <source>C&amp;hoose a Colour…</source>
   <translation>Fa&amp;rbe wählen…</translation>
  </message>
  <message>
   <source>Choose the colour to paint with</source>
   <translation>Die Farbe wählen, mit der gemalt wird</translation>
  </message>
  <message>
   <source>S&amp;wap the Two Colours</source>
   <translation>Die &amp;beiden Farben tauschen</translation>
  </message>
  <message>
   <source>Paint with the other of the two colours</source>
   <translation>Mit der anderen der beiden Farben malen</translation>
  </message>
  <message>
   <source>&amp;Take the Picture's Colours</source>
   <translation>Farben des Bildes &amp;übernehmen</translation>
  </message>
  <message>
   <source>Make the picture on the canvas, or what is selected of it, the colours to begin from</source>
   <translation>Das Bild auf der Leinwand, oder das davon Ausgewählte, wird zu den Farben, von denen ausgegangen wird</translation>
  </message>
  <message>
   <source>Clear the C&amp;olours</source>
   <translation>Farben &amp;löschen</translation>
  </message>
  <message>
   <source>Remove the painted colours, or what is selected of them</source>
   <translation>Die gemalten Farben, oder das davon Ausgewählte, entfernen</translation>
  </message>
  <message>
   <source>Select a &amp;Rectangle</source>
   <translation>Ein &amp;Rechteck auswählen</translation>
  </message>
  <message>
   <source>Select a rectangle</source>
   <translation>Ein Rechteck auswählen</translation>
  </message>
  <message>
   <source>Select an &amp;Ellipse</source>
   <translation>Eine &amp;Ellipse auswählen</translation>
  </message>
  <message>
   <source>Select an ellipse</source>
   <translation>Eine Ellipse auswählen</translation>
  </message>
  <message>
   <source>Select With a &amp;Lasso</source>
   <translation>Mit dem &amp;Lasso auswählen</translation>
  </message>
  <message>
   <source>Select what you draw around</source>
   <translation>Auswählen, was du umfährst</translation>
  </message>
  <message>
   <source>Select a &amp;Polygon</source>
   <translation>Ein &amp;Vieleck auswählen</translation>
  </message>
  <message>
   <source>Select a shape, corner by corner</source>
   <translation>Eine Form Ecke für Ecke auswählen</translation>
  </message>
  <message>
   <source>Select &amp;Everything</source>
   <translation>&amp;Alles auswählen</translation>
  </message>
  <message>
   <source>End the selection: tools work everywhere</source>
   <translation>Die Auswahl beenden: Werkzeuge wirken überall</translation>
  </message>
  <message>
   <source>&amp;Invert</source>
   <translation>&amp;Umkehren</translation>
  </message>
  <message>
   <source>Select what is not selected</source>
   <translation>Auswählen, was nicht ausgewählt ist</translation>
  </message>
  <message>
   <source>From the &amp;Word's Paint</source>
   <translation>Aus der Bemalung des &amp;Wortes</translation>
  </message>
  <message>
   <source>Select where the chosen word is painted</source>
   <translation>Auswählen, wo das gewählte Wort gemalt ist</translation>
  </message>
  <message>
   <source>From the &amp;Heatmap</source>
   <translation>Aus der &amp;Heatmap</translation>
  </message>
  <message>
   <source>Select where the chosen word went in the picture</source>
   <translation>Auswählen, wo das gewählte Wort im Bild gelandet ist</translation>
  </message>
  <message>
   <source>&amp;Grow…</source>
   <translation>&amp;Vergrößern…</translation>
  </message>
  <message>
   <source>Move the edge of the selection outwards</source>
   <translation>Den Rand der Auswahl nach außen schieben</translation>
  </message>
  <message>
   <source>&amp;Shrink…</source>
   <translation>Ver&amp;kleinern…</translation>
  </message>
  <message>
   <source>Move the edge of the selection inwards</source>
   <translation>Den Rand der Auswahl nach innen schieben</translation>
  </message>
  <message>
   <source>&amp;Feather…</source>
   <translation>&amp;Weicher Rand…</translation>
  </message>
  <message>
   <source>Make the edge of the selection soft</source>
   <translation>Den Rand der Auswahl weich machen</translation>
  </message>
  <message>
   <source>Move &amp;Up in the List</source>
   <translation>In der Liste nach &amp;oben</translation>
  </message>
  <message>
   <source>Put the chosen word before the one above it: its paint lies below</source>
   <translation>Das gewählte Wort vor das darüber setzen: seine Farbe liegt darunter</translation>
  </message>
  <message>
   <source>Move &amp;Down in the List</source>
   <translation>In der Liste nach &amp;unten</translation>
  </message>
  <message>
   <source>Put the chosen word after the one below it: its paint lies on top</source>
   <translation>Das gewählte Wort nach dem darunter einordnen: seine Farbe liegt obenauf</translation>
  </message>
  <message>
   <source>Mirror Lef&amp;t to Right</source>
   <translation>Seiten&amp;verkehrt spiegeln</translation>
  </message>
  <message>
   <source>Mirror the chosen word's paint</source>
   <translation>Die Bemalung des gewählten Wortes spiegeln</translation>
  </message>
  <message>
   <source>Mirror &amp;Upside Down</source>
   <translation>Auf den &amp;Kopf stellen</translation>
  </message>
  <message>
   <source>Turn the chosen word's paint upside down</source>
   <translation>Die Bemalung des gewählten Wortes auf den Kopf stellen</translation>
  </message>
  <message>
   <source>&amp;Smaller Brush</source>
   <translation>&amp;Kleinerer Pinsel</translation>
  </message>
  <message>
   <source>Make the brush smaller</source>
   <translation>Den Pinsel kleiner machen</translation>
  </message>
  <message>
   <source>&amp;Larger Brush</source>
   <translation>&amp;Größerer Pinsel</translation>
  </message>
  <message>
   <source>Make the brush larger</source>
   <translation>Den Pinsel größer machen</translation>
  </message>
  <message>
   <source>Pen Pressure Changes Si&amp;ze</source>
   <translation>Stiftdruck ändert die &amp;Größe</translation>
  </message>
  <message>
   <source>The harder the pen presses, the wider the brush</source>
   <translation>Je fester der Stift drückt, desto breiter der Pinsel</translation>
  </message>
  <message>
   <source>Pen Pressure Changes Op&amp;acity</source>
   <translation>Stiftdruck ändert die &amp;Deckkraft</translation>
  </message>
  <message>
   <source>The harder the pen presses, the more paint it leaves</source>
   <translation>Je fester der Stift drückt, desto mehr trägt er auf</translation>
  </message>
  <message>
   <source>Mirror Strokes &amp;Left to Right</source>
   <translation>Striche &amp;links und rechts spiegeln</translation>
  </message>
  <message>
   <source>Each stroke is painted on the other side of the canvas too</source>
   <translation>Jeder Strich wird auch auf der anderen Seite der Leinwand gemalt</translation>
  </message>
  <message>
   <source>Mirror Strokes &amp;Top to Bottom</source>
   <translation>Striche &amp;oben und unten spiegeln</translation>
  </message>
  <message>
   <source>Each stroke is painted above or below the middle too</source>
   <translation>Jeder Strich wird auch über oder unter der Mitte gemalt</translation>
  </message>
  <message>
   <source>Brush S&amp;ettings</source>
   <translation>Pins&amp;eleinstellungen</translation>
  </message>
  <message>
   <source>Flow, smoothing, mirrors and saved brushes</source>
   <translation>Fluss, Glättung, Spiegelungen und gespeicherte Pinsel</translation>
  </message>
  <message>
   <source>Pen Pressure &amp;Curve…</source>
   <translation>&amp;Kurve des Stiftdrucks…</translation>
  </message>
  <message>
   <source>Try the pen, and set how hard it has to be pressed</source>
   <translation>Den Stift ausprobieren und einstellen, wie fest er gedrückt werden muss</translation>
  </message>
  <message>
   <source>&amp;Save This Brush…</source>
   <translation>Diesen Pinsel &amp;speichern…</translation>
  </message>
  <message>
   <source>Keep size, hardness, opacity and flow under a name</source>
   <translation>Größe, Härte, Deckkraft und Fluss unter einem Namen behalten</translation>
  </message>
  <message>
   <source>Brush &amp;1</source>
   <translation>Pinsel &amp;1</translation>
  </message>
  <message>
   <source>Take the saved brush number 1</source>
   <translation>Den gespeicherten Pinsel Nummer 1 nehmen</translation>
  </message>
  <message>
   <source>Brush &amp;2</source>
   <translation>Pinsel &amp;2</translation>
  </message>
  <message>
   <source>Take the saved brush number 2</source>
   <translation>Den gespeicherten Pinsel Nummer 2 nehmen</translation>
  </message>
  <message>
   <source>Brush &amp;3</source>
   <translation>Pinsel &amp;3</translation>
  </message>
  <message>
   <source>Take the saved brush number 3</source>
   <translation>Den gespeicherten Pinsel Nummer 3 nehmen</translation>
  </message>
  <message>
   <source>Brush &amp;4</source>
   <translation>Pinsel &amp;4</translation>
  </message>
  <message>
   <source>Take the saved brush number 4</source>
   <translation>Den gespeicherten Pinsel Nummer 4 nehmen</translation>
  </message>
  <message>
   <source>Brush &amp;5</source>
   <translation>Pinsel &amp;5</translation>
  </message>
  <message>
   <source>Take the saved brush number 5</source>
   <translation>Den gespeicherten Pinsel Nummer 5 nehmen</translation>
  </message>
  <message>
   <source>Brush &amp;6</source>
   <translation>Pinsel &amp;6</translation>
  </message>
  <message>
   <source>Take the saved brush number 6</source>
   <translation>Den gespeicherten Pinsel Nummer 6 nehmen</translation>
  </message>
  <message>
   <source>Brush &amp;7</source>
   <translation>Pinsel &amp;7</translation>
  </message>
  <message>
   <source>Take the saved brush number 7</source>
   <translation>Den gespeicherten Pinsel Nummer 7 nehmen</translation>
  </message>
  <message>
   <source>Brush &amp;8</source>
   <translation>Pinsel &amp;8</translation>
  </message>
  <message>
   <source>Take the saved brush number 8</source>
   <translation>Den gespeicherten Pinsel Nummer 8 nehmen</translation>
  </message>
  <message>
   <source>Brush &amp;9</source>
   <translation>Pinsel &amp;9</translation>
  </message>
  <message>
   <source>Take the saved brush number 9</source>
   <translation>Den gespeicherten Pinsel Nummer 9 nehmen</translation>
  </message>
  <message>
   <source>Show &amp;Paint</source>
   <translation>Bemalung &amp;zeigen</translation>
  </message>
  <message>
   <source>Show or hide the paint over the picture</source>
   <translation>Die Bemalung über dem Bild zeigen oder verbergen</translation>
  </message>
  <message>
   <source>Paint &amp;Only</source>
   <translation>&amp;Nur Bemalung</translation>
  </message>
  <message>
   <source>Show the paint on paper, without the picture</source>
   <translation>Die Bemalung auf Papier zeigen, ohne das Bild</translation>
  </message>
  <message>
   <source>O&amp;verlaps and Gaps</source>
   <translation>Ü&amp;berlappungen und Lücken</translation>
  </message>
  <message>
   <source>Hatch where words overlap and where no word is painted; hold the key for a look</source>
   <translation>Schraffieren, wo Wörter sich überlappen und wo keines gemalt ist; für einen kurzen Blick die Taste halten</translation>
  </message>
  <message>
   <source>Paint as the &amp;Model Sees It</source>
   <translation>Bemalung, wie das &amp;Modell sie sieht</translation>
  </message>
  <message>
   <source>Show the paint in the coarsest cells of the model's attention; hold the key for a look</source>
   <translation>Die Bemalung in den gröbsten Zellen der Attention des Modells zeigen; für einen kurzen Blick die Taste halten</translation>
  </message>
  <message>
   <source>Show Heat&amp;map</source>
   <translation>&amp;Heatmap zeigen</translation>
  </message>
  <message>
   <source>Show where the chosen word went in the picture, until the next stroke</source>
   <translation>Zeigen, wo das gewählte Wort im Bild gelandet ist, bis zum nächsten Strich</translation>
  </message>
  <message>
   <source>Heatmap Under the Poi&amp;nter</source>
   <translation>Heatmap unter dem &amp;Zeiger</translation>
  </message>
  <message>
   <source>Point at a word, in the prompt or in the list, to see where it went</source>
   <translation>Auf ein Wort im Prompt oder in der Liste zeigen, um zu sehen, wo es gelandet ist</translation>
  </message>
  <message>
   <source>&amp;Hide Paint on New Pictures</source>
   <translation>Bemalung auf neuen Bildern &amp;verbergen</translation>
  </message>
  <message>
   <source>A new picture shows without the paint, which comes back as soon as you paint</source>
   <translation>Ein neues Bild erscheint ohne die Bemalung; sie kommt wieder, sobald du malst</translation>
  </message>
  <message>
   <source>Noise &amp;Timeline</source>
   <translation>Rausch-&amp;Zeitleiste</translation>
  </message>
  <message>
   <source>Show which expert works at which noise level</source>
   <translation>Zeigen, welcher Experte bei welchem Rauschen arbeitet</translation>
  </message>
  <message>
   <source>&amp;Zen Mode</source>
   <translation>&amp;Zen-Modus</translation>
  </message>
  <message>
   <source>Only the picture and one line of the prompt; Esc brings the rest back</source>
   <translation>Nur das Bild und eine Zeile des Prompts; Esc holt den Rest zurück</translation>
  </message>
  <message>
   <source>Go to the Next A&amp;rea</source>
   <translation>Zum nächsten &amp;Bereich</translation>
  </message>
  <message>
   <source>Give the keys to the next part of the window: prompt, picture, words, style, settings, results</source>
   <translation>Die Tasten gehen an den nächsten Teil des Fensters: Prompt, Bild, Wörter, Stil, Bildeinstellungen, Ergebnisse</translation>
  </message>
  <message>
   <source>Go to the Previous Ar&amp;ea</source>
   <translation>Zum vorigen Be&amp;reich</translation>
  </message>
  <message>
   <source>Give the keys to the part of the window before</source>
   <translation>Die Tasten gehen an den vorigen Teil des Fensters</translation>
  </message>
  <message>
   <source>&amp;Grid</source>
   <translation>&amp;Gitter</translation>
  </message>
  <message>
   <source>Show a grid of 64 pixels, as models like their sizes</source>
   <translation>Ein Gitter von 64 Pixeln zeigen, wie Modelle ihre Größen mögen</translation>
  </message>
  <message>
   <source>Rul&amp;ers</source>
   <translation>Lin&amp;eale</translation>
  </message>
  <message>
   <source>Measure the picture in pixels along the top and the left</source>
   <translation>Das Bild oben und links in Pixeln messen</translation>
  </message>
  <message>
   <source>M&amp;irror the View</source>
   <translation>Ansicht sp&amp;iegeln</translation>
  </message>
  <message>
   <source>Look at the picture mirrored, to judge it anew; the picture stays as it is</source>
   <translation>Das Bild gespiegelt ansehen, um es neu zu beurteilen; das Bild bleibt, wie es ist</translation>
  </message>
  <message>
   <source>Turn the View &amp;Left</source>
   <translation>Ansicht nach &amp;links drehen</translation>
  </message>
  <message>
   <source>Turn the view to the left by 15 degrees</source>
   <translation>Die Ansicht um 15 Grad nach links drehen</translation>
  </message>
  <message>
   <source>Turn the View &amp;Right</source>
   <translation>Ansicht nach &amp;rechts drehen</translation>
  </message>
  <message>
   <source>Turn the view to the right by 15 degrees</source>
   <translation>Die Ansicht um 15 Grad nach rechts drehen</translation>
  </message>
  <message>
   <source>&amp;Upright View</source>
   <translation>A&amp;ufrechte Ansicht</translation>
  </message>
  <message>
   <source>The view is neither turned nor mirrored any more</source>
   <translation>Die Ansicht ist nicht mehr gedreht oder gespiegelt</translation>
  </message>
  <message>
   <source>Zoom &amp;In</source>
   <translation>Ver&amp;größern</translation>
  </message>
  <message>
   <source>Zoom in</source>
   <translation>Vergrößern</translation>
  </message>
  <message>
   <source>Zoom &amp;Out</source>
   <translation>Ver&amp;kleinern</translation>
  </message>
  <message>
   <source>Zoom out</source>
   <translation>Verkleinern</translation>
  </message>
  <message>
   <source>&amp;Fit</source>
   <translation>&amp;Einpassen</translation>
  </message>
  <message>
   <source>Show the whole picture</source>
   <translation>Das ganze Bild zeigen</translation>
  </message>
  <message>
   <source>&amp;Actual Size</source>
   <translation>&amp;Originalgröße</translation>
  </message>
  <message>
   <source>One picture pixel on one screen pixel</source>
   <translation>Ein Bildpunkt auf einem Bildschirmpunkt</translation>
  </message>
  <message>
   <source>&amp;Generate</source>
   <translation>&amp;Erzeugen</translation>
  </message>
  <message>
   <source>Make the picture</source>
   <translation>Das Bild erzeugen</translation>
  </message>
  <message>
   <source>&amp;Cancel</source>
   <translation>&amp;Abbrechen</translation>
  </message>
  <message>
   <source>Stop the generation</source>
   <translation>Das Erzeugen anhalten</translation>
  </message>
  <message>
   <source>&amp;Live</source>
   <translation>&amp;Live</translation>
  </message>
  <message>
   <source>Quick previews follow every change of prompt and paint</source>
   <translation>Schnelle Vorschauen folgen jeder Änderung an Prompt und Bemalung</translation>
  </message>
  <message>
   <source>Re&amp;paint</source>
   <translation>Neu &amp;malen</translation>
  </message>
  <message>
   <source>Make the selection anew, or else where the chosen word is painted; all else stays as it is</source>
   <translation>Die Auswahl neu erzeugen, oder wo das gewählte Wort gemalt ist; alles andere bleibt, wie es ist</translation>
  </message>
  <message>
   <source>&amp;Vary the Picture</source>
   <translation>Das Bild &amp;variieren</translation>
  </message>
  <message>
   <source>Make another picture that begins from the one on the canvas</source>
   <translation>Ein anderes Bild erzeugen, das von dem auf der Leinwand ausgeht</translation>
  </message>
  <message>
   <source>Re&amp;fine at Twice the Size</source>
   <translation>In doppelter Größe ver&amp;feinern</translation>
  </message>
  <message>
   <source>Make the picture twice as large, and its details anew</source>
   <translation>Das Bild doppelt so groß machen und seine Einzelheiten neu erzeugen</translation>
  </message>
  <message>
   <source>&amp;Grid…</source>
   <translation>&amp;Raster…</translation>
  </message>
  <message>
   <source>Pictures over seeds, strengths of the chosen word, or other words in its place, and a sheet of them</source>
   <translation>Bilder über Seeds, Stärken des gewählten Worts oder andere Wörter an seiner Stelle, und ein Bogen mit allen</translation>
  </message>
  <message>
   <source>New &amp;Seed</source>
   <translation>Neuer &amp;Seed</translation>
  </message>
  <message>
   <source>Roll a new seed</source>
   <translation>Einen neuen Seed würfeln</translation>
  </message>
  <message>
   <source>Lo&amp;ck Seed</source>
   <translation>Seed fest&amp;halten</translation>
  </message>
  <message>
   <source>Locked, every picture uses this seed. Otherwise Generate rolls a new one when nothing else has changed</source>
   <translation>Festgehalten nutzt jedes Bild diesen Seed. Sonst würfelt Erzeugen einen neuen, wenn sich nichts anderes geändert hat</translation>
  </message>
  <message>
   <source>Open &amp;Results Folder</source>
   <translation>E&amp;rgebnisordner öffnen</translation>
  </message>
  <message>
   <source>Show the folder that keeps every picture</source>
   <translation>Den Ordner zeigen, der jedes Bild behält</translation>
  </message>
  <message>
   <source>Put &amp;Back the Deleted Result</source>
   <translation>Gelöschtes Ergebnis &amp;zurückholen</translation>
  </message>
  <message>
   <source>Take the result that was deleted last out of the trash again</source>
   <translation>Das zuletzt gelöschte Ergebnis wieder aus dem Papierkorb holen</translation>
  </message>
  <message>
   <source>&amp;Models…</source>
   <translation>&amp;Modelle…</translation>
  </message>
  <message>
   <source>See, add, check, download and remove models</source>
   <translation>Modelle sehen, hinzufügen, prüfen, herunterladen und entfernen</translation>
  </message>
  <message>
   <source>&amp;Copy Log</source>
   <translation>Protokoll &amp;kopieren</translation>
  </message>
  <message>
   <source>Copy the log, to report a problem</source>
   <translation>Das Protokoll kopieren, um ein Problem zu melden</translation>
  </message>
  <message>
   <source>&amp;Painting Help</source>
   <translation>&amp;Hilfe beim Malen</translation>
  </message>
  <message>
   <source>Mouse, pen and keys for painting</source>
   <translation>Maus, Stift und Tasten zum Malen</translation>
  </message>
  <message>
   <source>&amp;Tour</source>
   <translation>&amp;Rundgang</translation>
  </message>
  <message>
   <source>Five steps from a sentence to your own first picture</source>
   <translation>In fünf Schritten vom Satz zum ersten eigenen Bild</translation>
  </message>
  <message>
   <source>&amp;About Wordbrush</source>
   <translation>Ü&amp;ber Wordbrush</translation>
  </message>
  <message>
   <source>Version and licences</source>
   <translation>Version und Lizenzen</translation>
  </message>
  <message>
   <source>Like the System</source>
   <translation>Wie das System</translation>
  </message>
  <message>
   <source>Dark</source>
   <translation>Dunkel</translation>
  </message>
  <message>
   <source>Light</source>
   <translation>Hell</translation>
  </message>
  <message>
   <source>High Contrast</source>
   <translation>Hoher Kontrast</translation>
  </message>
  <message>
   <source>File</source>
   <translation>Datei</translation>
  </message>
  <message>
   <source>Edit</source>
   <translation>Bearbeiten</translation>
  </message>
  <message>
   <source>Words</source>
   <translation>Wörter</translation>
  </message>
  <message>
   <source>Brush</source>
   <translation>Pinsel</translation>
  </message>
  <message>
   <source>Colours</source>
   <translation>Farben</translation>
  </message>
  <message>
   <source>Tools</source>
   <translation>Werkzeuge</translation>
  </message>
  <message>
   <source>Selection</source>
   <translation>Auswahl</translation>
  </message>
  <message>
   <source>View</source>
   <translation>Ansicht</translation>
  </message>
  <message>
   <source>Generate</source>
   <translation>Erzeugen</translation>
  </message>
  <message>
   <source>Work on a Picture</source>
   <translation>An einem Bild arbeiten</translation>
  </message>
  <message>
   <source>Results</source>
   <translation>Ergebnisse</translation>
  </message>
  <message>
   <source>Models</source>
   <translation>Modelle</translation>
  </message>
  <message>
   <source>Help</source>
   <translation>Hilfe</translation>
  </message>
  <message>
   <source>Automatic</source>
   <translation>Automatisch</translation>
  </message>
  <message>
   <source>Low</source>
   <translation>Niedrig</translation>
  </message>
  <message>
   <source>Lowest</source>
   <translation>Am niedrigsten</translation>
  </message>
  <message>
   <source>On</source>
   <translation>Ein</translation>
  </message>
  <message>
   <source>Off</source>
   <translation>Aus</translation>
  </message>
  <message>
   <source>Processor (CPU)</source>
   <translation>Prozessor (CPU)</translation>
  </message>
  <message>
   <source>Graphics card (CUDA)</source>
   <translation>Grafikkarte (CUDA)</translation>
  </message>
  <message>
   <source>Apple GPU (MPS)</source>
   <translation>Apple-GPU (MPS)</translation>
  </message>
  <message>
   <source>Numbered PNG Files…</source>
   <translation>Nummerierte PNG-Dateien…</translation>
  </message>
  <message>
   <source>Numbered WebP Files…</source>
   <translation>Nummerierte WebP-Dateien…</translation>
  </message>
  <message>
   <source>Animated WebP…</source>
   <translation>Animiertes WebP…</translation>
  </message>
  <message>
   <source>Animated PNG…</source>
   <translation>Animiertes PNG…</translation>
  </message>
  <message>
   <source>Side by side</source>
   <translation>Nebeneinander</translation>
  </message>
  <message>
   <source>Slider</source>
   <translation>Schieber</translation>
  </message>
  <message>
   <source>Difference</source>
   <translation>Unterschied</translation>
  </message>
  <message>
   <source>Settings</source>
   <translation>Bildeinstellungen</translation>
  </message>
  <message>
   <source>Style</source>
   <translation>Stil</translation>
  </message>
  <message>
   <source>Reference</source>
   <translation>Vorlage</translation>
  </message>
  <message>
   <source>Pictures</source>
   <translation>Bilder</translation>
  </message>
  <message>
   <source>How many pictures each Generate makes, each with its own seed</source>
   <translation>Wie viele Bilder jedes Erzeugen macht, jedes mit eigenem Seed</translation>
  </message>
  <message>
   <source>Steps</source>
   <translation>Schritte</translation>
  </message>
  <message>
   <source>More steps take longer and give more finished pictures</source>
   <translation>Mehr Schritte dauern länger und geben fertigere Bilder</translation>
  </message>
  <message>
   <source>Guidance</source>
   <translation>Prompttreue</translation>
  </message>
  <message>
   <source>How closely the picture follows the prompt; the model's own value unless set here</source>
   <translation>Wie eng das Bild dem Prompt folgt; der Wert des Modells, solange hier keiner steht</translation>
  </message>
  <message>
   <source>Guidance rescale</source>
   <translation>Kontrastausgleich</translation>
  </message>
  <message>
   <source>Takes back contrast that high guidance adds; 0 is off, 0.7 a good start where pictures look glaring</source>
   <translation>Nimmt Kontrast zurück, den hohe Prompttreue bringt; 0 ist aus, 0,7 ein guter Anfang bei grellen Bildern</translation>
  </message>
  <message>
   <source>Sampler</source>
   <translation>Sampler</translation>
  </message>
  <message>
   <source>Paint weight</source>
   <translation>Malgewicht</translation>
  </message>
  <message>
   <source>How strongly all paint acts; 0 is off. The model's own value unless set here</source>
   <translation>Wie stark alle Bemalung wirkt; 0 ist aus. Der Wert des Modells, solange hier keiner steht</translation>
  </message>
  <message>
   <source>Memory</source>
   <translation>Speicher</translation>
  </message>
  <message>
   <source>How sparing the model is with the device's memory; the less it takes, the longer a picture takes</source>
   <translation>Wie sparsam das Modell mit dem Speicher des Geräts umgeht; je weniger es nimmt, desto länger dauert ein Bild</translation>
  </message>
  <message>
   <source>Compile</source>
   <translation>Kompilieren</translation>
  </message>
  <message>
   <source>Makes later pictures of a size faster; the first one is made while the compiler works. Automatic: on CUDA devices</source>
   <translation>Macht spätere Bilder einer Größe schneller; das erste entsteht, während der Compiler arbeitet. Automatisch: auf CUDA-Geräten</translation>
  </message>
  <message>
   <source>Seed</source>
   <translation>Seed</translation>
  </message>
  <message>
   <source>Same seed and same scene: same picture</source>
   <translation>Gleicher Seed und gleiche Szene: gleiches Bild</translation>
  </message>
  <message>
   <source>Kept</source>
   <translation>Behalten</translation>
  </message>
  <message>
   <source>How much of the colours is kept in the picture: 0 is nothing, 1 leaves them as they are painted</source>
   <translation>Wie viel von den Farben im Bild bleibt: 0 ist nichts, 1 lässt sie, wie sie gemalt sind</translation>
  </message>
  <message>
   <source>Paint colours here that the picture begins from</source>
   <translation>Hier Farben malen, von denen das Bild ausgeht</translation>
  </message>
  <message>
   <source>Show or hide the colours. Hidden colours still act</source>
   <translation>Farben zeigen oder verbergen. Verborgene Farben wirken trotzdem</translation>
  </message>
  <message>
   <source>off</source>
   <translation>aus</translation>
  </message>
  <message>
   <source>There is no picture yet whose colours could be taken. Generate one, or open one, first.</source>
   <translation>Es gibt noch kein Bild, dessen Farben übernommen werden könnten. Erst eines erzeugen oder öffnen.</translation>
  </message>
  <message>
   <source>Choose a Colour</source>
   <translation>Farbe wählen</translation>
  </message>
  <message>
   <source>Colour: saturation, brightness and hue</source>
   <translation>Farbe: Sättigung, Helligkeit und Farbton</translation>
  </message>
  <message>
   <source>Painted with {front}; behind it {back}. A click chooses another.</source>
   <translation>Gemalt wird mit {front}; dahinter liegt {back}. Ein Klick wählt eine andere.</translation>
  </message>
  <message>
   <source>Colours that were used last</source>
   <translation>Zuletzt benutzte Farben</translation>
  </message>
  <message>
   <source>Control picture…</source>
   <translation>Vorlage…</translation>
  </message>
  <message>
   <source>From paint</source>
   <translation>Aus Bemalung</translation>
  </message>
  <message>
   <source>Keep to the outlines of what is painted, as to a sketch</source>
   <translation>Sich an die Umrisse des Gemalten halten wie an eine Skizze</translation>
  </message>
  <message>
   <source>Exported {name}</source>
   <translation>{name} exportiert</translation>
  </message>
  <message>
   <source>Sets the steps to {steps} and the sampler to {sampler}</source>
   <translation>Setzt die Schritte auf {steps} und den Sampler auf {sampler}</translation>
  </message>
  <message>
   <source>It lets the model work in few steps:</source>
   <translation>Damit arbeitet das Modell in wenigen Schritten:</translation>
  </message>
  <message>
   <source>Use {steps} steps, {sampler}</source>
   <translation>{steps} Schritte, {sampler} nehmen</translation>
  </message>
  <message>
   <source>, and the guidance to {guidance}</source>
   <translation>, und die Prompttreue auf {guidance}</translation>
  </message>
  <message>
   <source>Add LoRA…</source>
   <translation>LoRA hinzufügen…</translation>
  </message>
  <message>
   <source>Paint this word inside the white line, so that it stays there in the next picture</source>
   <translation>Dieses Wort innerhalb der weißen Linie malen, damit es im nächsten Bild dort bleibt</translation>
  </message>
  <message>
   <source>Keep it where it is</source>
   <translation>Da behalten, wo es ist</translation>
  </message>
  <message>
   <source>Live pictures</source>
   <translation>Live-Bilder</translation>
  </message>
  <message>
   <source>Go on</source>
   <translation>Weiter</translation>
  </message>
  <message>
   <source>Make live pictures on the battery too</source>
   <translation>Live-Bilder auch im Akkubetrieb machen</translation>
  </message>
  <message>
   <source>Keep this picture</source>
   <translation>Dieses Bild behalten</translation>
  </message>
  <message>
   <source>Put the picture on the canvas in the results</source>
   <translation>Das Bild auf der Leinwand in die Ergebnisse legen</translation>
  </message>
  <message>
   <source>Record</source>
   <translation>Aufnehmen</translation>
  </message>
  <message>
   <source>Write every live picture to a folder</source>
   <translation>Jedes Live-Bild in einen Ordner schreiben</translation>
  </message>
  <message>
   <source>Stop recording</source>
   <translation>Aufnahme beenden</translation>
  </message>
  <message>
   <source>End the recording</source>
   <translation>Die Aufnahme beenden</translation>
  </message>
  <message>
   <source>Stop recording · {count}</source>
   <translation>Aufnahme beenden · {count}</translation>
  </message>
  <message>
   <source>Where the recording is kept</source>
   <translation>Wo die Aufnahme aufbewahrt wird</translation>
  </message>
  <message>
   <source>Recorded {count} pictures in {path}</source>
   <translation>{count} Bilder aufgenommen in {path}</translation>
  </message>
  <message>
   <source>Live: waiting for the brush</source>
   <translation>Live: wartet auf den Pinsel</translation>
  </message>
  <message>
   <source>Live: working</source>
   <translation>Live: arbeitet</translation>
  </message>
  <message>
   <source>Live: paused on battery</source>
   <translation>Live: Pause im Akkubetrieb</translation>
  </message>
  <message>
   <source>There is no live picture on the canvas to keep.</source>
   <translation>Auf der Leinwand ist kein Live-Bild, das behalten werden könnte.</translation>
  </message>
  <message>
   <source>Kept in the results</source>
   <translation>In den Ergebnissen behalten</translation>
  </message>
  <message>
   <source>{count} were left out, as the disk was too slow.</source>
   <translation>{count} wurden ausgelassen, da der Datenträger zu langsam war.</translation>
  </message>
  <message>
   <source>{count} pictures a second</source>
   <translation>{count} Bilder je Sekunde</translation>
  </message>
  <message>
   <source>Nothing was recorded: no live picture came.</source>
   <translation>Nichts wurde aufgenommen: es kam kein Live-Bild.</translation>
  </message>
  <message>
   <source>Use the prompt, paint and settings that made it (Enter or double-click in the results)</source>
   <translation>Prompt, Bemalung und Einstellungen übernehmen, mit denen es entstand (Eingabe oder Doppelklick in den Ergebnissen)</translation>
  </message>
  <message>
   <source>Take its scene</source>
   <translation>Szene übernehmen</translation>
  </message>
  <message>
   <source>Close</source>
   <translation>Schließen</translation>
  </message>
  <message>
   <source>Back</source>
   <translation>Zurück</translation>
  </message>
  <message>
   <source>Close this bar</source>
   <translation>Diese Leiste schließen</translation>
  </message>
  <message>
   <source>Go back to your own picture (Esc in the results)</source>
   <translation>Zurück zum eigenen Bild (Esc in den Ergebnissen)</translation>
  </message>
  <message>
   <source>Two pictures, one over the other</source>
   <translation>Zwei Bilder übereinander</translation>
  </message>
  <message>
   <source>Black is the same; on average they differ by {share} %</source>
   <translation>Schwarz ist gleich; im Mittel unterscheiden sie sich um {share} %</translation>
  </message>
  <message>
   <source>Words that the model knows</source>
   <translation>Wörter, die das Modell kennt</translation>
  </message>
  <message>
   <source>Things</source>
   <translation>Dinge</translation>
  </message>
  <message>
   <source>Stuff</source>
   <translation>Flächen</translation>
  </message>
  <message>
   <source>In the Prompt</source>
   <translation>Im Prompt</translation>
  </message>
  <message>
   <source>Used Before</source>
   <translation>Früher verwendet</translation>
  </message>
  <message>
   <source>Add “{noun}”</source>
   <translation>„{noun}“ hinzufügen</translation>
  </message>
  <message>
   <source>Find something to paint</source>
   <translation>Etwas zum Malen finden</translation>
  </message>
  <message>
   <source>Palette</source>
   <translation>Palette</translation>
  </message>
  <message>
   <source>The model knows nothing that is called “{noun}”.</source>
   <translation>Das Modell kennt nichts, das „{noun}“ heißt.</translation>
  </message>
  <message>
   <source>This model understands any words. Type what to paint; what you have used is offered next time.</source>
   <translation>Dieses Modell versteht alle Wörter. Hier eingeben, was gemalt werden soll; was Sie verwendet haben, wird beim nächsten Mal angeboten.</translation>
  </message>
  <message>
   <source>Negative prompt</source>
   <translation>Negativer Prompt</translation>
  </message>
  <message>
   <source>Cancel</source>
   <translation>Abbrechen</translation>
  </message>
  <message>
   <source>Live</source>
   <translation>Live</translation>
  </message>
  <message>
   <source>Progress</source>
   <translation>Fortschritt</translation>
  </message>
  <message>
   <source>{keys} to generate</source>
   <translation>{keys} erzeugt das Bild</translation>
  </message>
  <message>
   <source>Paint this  ↵</source>
   <translation>Das malen  ↵</translation>
  </message>
  <message>
   <source>{tip}, or Enter</source>
   <translation>{tip}, oder Eingabe</translation>
  </message>
  <message>
   <source>Avoid: what should not be in the picture</source>
   <translation>Vermeiden: was nicht im Bild sein soll</translation>
  </message>
  <message>
   <source>Negative prompt: what should not be in the picture</source>
   <translation>Negativer Prompt: was nicht im Bild sein soll</translation>
  </message>
  <message>
   <source>This model takes no negative prompt</source>
   <translation>Dieses Modell nimmt keinen negativen Prompt</translation>
  </message>
  <message>
   <source>Prompt</source>
   <translation>Prompt</translation>
  </message>
  <message>
   <source>Describe the picture, then click a word and paint where it should be</source>
   <translation>Beschreibe das Bild, klicke dann ein Wort an und male, wo es sein soll</translation>
  </message>
  <message>
   <source>Pictures that still wait in the queue: {count}</source>
   <translation>Bilder, die noch in der Warteschlange stehen: {count}</translation>
  </message>
  <message>
   <source>They wait since Wordbrush was closed, and come into the results.</source>
   <translation>Sie warten, seit Wordbrush geschlossen wurde, und kommen in die Ergebnisse.</translation>
  </message>
  <message>
   <source>Queue: what is being made and what waits</source>
   <translation>Warteschlange: was gerade entsteht und was wartet</translation>
  </message>
  <message>
   <source>paused</source>
   <translation>angehalten</translation>
  </message>
  <message>
   <source>Make Them Now</source>
   <translation>Jetzt machen</translation>
  </message>
  <message>
   <source>Discard</source>
   <translation>Verwerfen</translation>
  </message>
  <message>
   <source>seed {seed}</source>
   <translation>Seed {seed}</translation>
  </message>
  <message>
   <source>Make it earlier</source>
   <translation>Früher machen</translation>
  </message>
  <message>
   <source>Make it later</source>
   <translation>Später machen</translation>
  </message>
  <message>
   <source>Cancel it</source>
   <translation>Abbrechen</translation>
  </message>
  <message>
   <source>cancelling</source>
   <translation>wird abgebrochen</translation>
  </message>
  <message>
   <source>running</source>
   <translation>läuft</translation>
  </message>
  <message>
   <source>The picture that is being made is finished; those that wait stay where they are</source>
   <translation>Das Bild, das gerade entsteht, wird fertig; die wartenden bleiben, wo sie sind</translation>
  </message>
  <message>
   <source>Queue</source>
   <translation>Warteschlange</translation>
  </message>
  <message>
   <source>Nothing waits. Generate while a picture is being made adds one more.</source>
   <translation>Nichts wartet. Erzeugen fügt eines hinzu, während ein Bild entsteht.</translation>
  </message>
  <message>
   <source>Pause</source>
   <translation>Anhalten</translation>
  </message>
  <message>
   <source>Cancel All</source>
   <translation>Alle abbrechen</translation>
  </message>
  <message>
   <source>Add {count} to the queue</source>
   <translation>{count} zur Warteschlange hinzufügen</translation>
  </message>
  <message>
   <source>Go On</source>
   <translation>Weiter</translation>
  </message>
  <message>
   <source>How often this scene's picture is made in addition, each time with a seed of its own</source>
   <translation>Wie oft das Bild dieser Szene zusätzlich gemacht wird, jedes Mal mit eigenem Seed</translation>
  </message>
  <message>
   <source>Moved to the trash. The menu of the results puts it back.</source>
   <translation>In den Papierkorb verschoben. Das Menü der Ergebnisse holt es zurück.</translation>
  </message>
  <message>
   <source>“{name}” is back</source>
   <translation>„{name}“ ist wieder da</translation>
  </message>
  <message>
   <source>Nothing was deleted since the start.</source>
   <translation>Seit dem Start wurde nichts gelöscht.</translation>
  </message>
  <message>
   <source>Exported {count} pictures to {path}</source>
   <translation>{count} Bilder nach {path} exportiert</translation>
  </message>
  <message>
   <source>Exporting: {number} of {count}</source>
   <translation>Exportieren: {number} von {count}</translation>
  </message>
  <message>
   <source>{count} could not be read any more.</source>
   <translation>{count} konnten nicht mehr gelesen werden.</translation>
  </message>
  <message>
   <source>Export Results</source>
   <translation>Ergebnisse exportieren</translation>
  </message>
  <message>
   <source>All that are listed ({count})</source>
   <translation>Alle aufgeführten ({count})</translation>
  </message>
  <message>
   <source>Those with a star ({count})</source>
   <translation>Die mit Stern ({count})</translation>
  </message>
  <message>
   <source>Filled in: {prompt}, {seed}, {n} for a number, {date}</source>
   <translation>Eingesetzt werden: {prompt}, {seed}, {n} für eine Nummer, {date}</translation>
  </message>
  <message>
   <source>With scene and settings</source>
   <translation>Mit Szene und Einstellungen</translation>
  </message>
  <message>
   <source>Choose…</source>
   <translation>Wählen…</translation>
  </message>
  <message>
   <source>Which</source>
   <translation>Welche</translation>
  </message>
  <message>
   <source>Names</source>
   <translation>Namen</translation>
  </message>
  <message>
   <source>As</source>
   <translation>Als</translation>
  </message>
  <message>
   <source>Folder</source>
   <translation>Ordner</translation>
  </message>
  <message>
   <source>Export</source>
   <translation>Exportieren</translation>
  </message>
  <message>
   <source>Where the pictures go</source>
   <translation>Wohin die Bilder kommen</translation>
  </message>
  <message>
   <source>For example: {name}</source>
   <translation>Zum Beispiel: {name}</translation>
  </message>
  <message>
   <source>There is no such folder.</source>
   <translation>Diesen Ordner gibt es nicht.</translation>
  </message>
  <message>
   <source>Show on the Canvas</source>
   <translation>Auf der Leinwand zeigen</translation>
  </message>
  <message>
   <source>Open Its Scene</source>
   <translation>Seine Szene öffnen</translation>
  </message>
  <message>
   <source>Note…</source>
   <translation>Notiz…</translation>
  </message>
  <message>
   <source>Compare Side by Side</source>
   <translation>Nebeneinander vergleichen</translation>
  </message>
  <message>
   <source>Use Its Look as a Style</source>
   <translation>Sein Aussehen als Stil verwenden</translation>
  </message>
  <message>
   <source>Show in Folder</source>
   <translation>Im Ordner zeigen</translation>
  </message>
  <message>
   <source>Delete</source>
   <translation>Löschen</translation>
  </message>
  <message>
   <source>Note</source>
   <translation>Notiz</translation>
  </message>
  <message>
   <source>What there is to remember of this picture; the search finds it</source>
   <translation>Was man sich zu diesem Bild merken will; die Suche findet es</translation>
  </message>
  <message>
   <source>Press Generate: every picture you make is kept here, with the scene that made it.
Click one to look at it; double-click it, or press Enter, to open its scene.</source>
   <translation>Drücke Erzeugen: hier bleibt jedes Bild, mit der Szene, aus der es entstand.
Ein Klick zeigt es; ein Doppelklick oder die Eingabetaste öffnet seine Szene.</translation>
  </message>
  <message>
   <source>Remove Star</source>
   <translation>Stern entfernen</translation>
  </message>
  <message>
   <source>Add Star</source>
   <translation>Stern geben</translation>
  </message>
  <message>
   <source>Put Back What Was Deleted</source>
   <translation>Gelöschtes zurückholen</translation>
  </message>
  <message>
   <source>Search prompts and notes</source>
   <translation>Prompts und Notizen suchen</translation>
  </message>
  <message>
   <source>Search the results</source>
   <translation>Die Ergebnisse durchsuchen</translation>
  </message>
  <message>
   <source>With a star only</source>
   <translation>Nur mit Stern</translation>
  </message>
  <message>
   <source>Export…</source>
   <translation>Exportieren…</translation>
  </message>
  <message>
   <source>Write the results that are listed to a folder, under names of your own</source>
   <translation>Die aufgeführten Ergebnisse unter eigenen Namen in einen Ordner schreiben</translation>
  </message>
  <message>
   <source>{number} of {count}</source>
   <translation>{number} von {count}</translation>
  </message>
  <message>
   <source>Stop exporting</source>
   <translation>Export anhalten</translation>
  </message>
  <message>
   <source>Anew</source>
   <translation>Neu</translation>
  </message>
  <message>
   <source>How much is made anew: little keeps what is there, 100 % begins from noise</source>
   <translation>Wie viel neu gemacht wird: wenig behält, was da ist, 100 % beginnt mit Rauschen</translation>
  </message>
  <message>
   <source>Repaint</source>
   <translation>Neu malen</translation>
  </message>
  <message>
   <source>Select a part of the picture, or choose a word that has paint: that is what is made anew.</source>
   <translation>Einen Teil des Bildes auswählen oder ein bemaltes Wort wählen: das wird neu gemacht.</translation>
  </message>
  <message>
   <source>There is no picture to work on yet. Generate one, or open one, first.</source>
   <translation>Es gibt noch kein Bild, an dem man arbeiten kann. Erst eines erzeugen oder öffnen.</translation>
  </message>
  <message>
   <source>The selection</source>
   <translation>Die Auswahl</translation>
  </message>
  <message>
   <source>Make what is selected anew; all else stays as it is</source>
   <translation>Das Ausgewählte neu machen; alles andere bleibt, wie es ist</translation>
  </message>
  <message>
   <source>The canvas is larger than the picture</source>
   <translation>Die Leinwand ist größer als das Bild</translation>
  </message>
  <message>
   <source>Fill</source>
   <translation>Füllen</translation>
  </message>
  <message>
   <source>Make what is new, to go with the picture</source>
   <translation>Das Neue passend zum Bild machen</translation>
  </message>
  <message>
   <source>Write what the picture should show first.</source>
   <translation>Erst schreiben, was das Bild zeigen soll.</translation>
  </message>
  <message>
   <source>The sheet of {count} pictures is in the results</source>
   <translation>Der Bogen mit {count} Bildern ist in den Ergebnissen</translation>
  </message>
  <message>
   <source>Grid</source>
   <translation>Raster</translation>
  </message>
  <message>
   <source>cat, dog, tall tower</source>
   <translation>Katze, Hund, hoher Turm</translation>
  </message>
  <message>
   <source>Make the grid</source>
   <translation>Raster machen</translation>
  </message>
  <message>
   <source>Seeds: how many</source>
   <translation>Seeds: wie viele</translation>
  </message>
  <message>
   <source>Strengths of “{word}”</source>
   <translation>Stärken von „{word}“</translation>
  </message>
  <message>
   <source>Words in place of “{word}”</source>
   <translation>Wörter anstelle von „{word}“</translation>
  </message>
  <message>
   <source>{count} pictures, and a sheet of all of them</source>
   <translation>{count} Bilder und ein Bogen mit allen</translation>
  </message>
  <message>
   <source>Values apart by commas, {count} at most</source>
   <translation>Werte durch Kommas getrennt, höchstens {count}</translation>
  </message>
  <message>
   <source>Weight</source>
   <translation>Gewicht</translation>
  </message>
  <message>
   <source>Compare</source>
   <translation>Vergleichen</translation>
  </message>
  <message>
   <source>Fidelity</source>
   <translation>Treue</translation>
  </message>
  <message>
   <source>How strictly words keep to their paint, from 0 (loose) to 1 (exact). Exact takes longer and may look less natural.</source>
   <translation>Wie streng sich Wörter an ihre Bemalung halten, von 0 (locker) bis 1 (genau). Genau dauert länger und kann weniger natürlich aussehen.</translation>
  </message>
  <message>
   <source>Each part</source>
   <translation>Jeder Teil</translation>
  </message>
  <message>
   <source>Each part of the paint fidelity</source>
   <translation>Jeder Teil der Maltreue</translation>
  </message>
  <message>
   <source>Set each part of the fidelity by itself</source>
   <translation>Jeden Teil der Maltreue einzeln einstellen</translation>
  </message>
  <message>
   <source>Containment</source>
   <translation>Einhegung</translation>
  </message>
  <message>
   <source>How strictly a painted word is kept out of everything but its paint</source>
   <translation>Wie streng ein gemaltes Wort aus allem außer seiner Bemalung herausgehalten wird</translation>
  </message>
  <message>
   <source>Separation</source>
   <translation>Trennung</translation>
  </message>
  <message>
   <source>How strictly differently painted areas are kept from blending</source>
   <translation>Wie streng verschieden bemalte Flächen vor dem Vermischen bewahrt werden</translation>
  </message>
  <message>
   <source>Gradient steps</source>
   <translation>Gradientenschritte</translation>
  </message>
  <message>
   <source>by hand</source>
   <translation>von Hand</translation>
  </message>
  <message>
   <source>Width</source>
   <translation>Breite</translation>
  </message>
  <message>
   <source>Height</source>
   <translation>Höhe</translation>
  </message>
  <message>
   <source>Common sizes</source>
   <translation>Übliche Größen</translation>
  </message>
  <message>
   <source>Resize or Crop…</source>
   <translation>Skalieren oder zuschneiden…</translation>
  </message>
  <message>
   <source>Swap Width and Height</source>
   <translation>Breite und Höhe tauschen</translation>
  </message>
  <message>
   <source>Device</source>
   <translation>Gerät</translation>
  </message>
  <message>
   <source>Model</source>
   <translation>Modell</translation>
  </message>
  <message>
   <source>Picture</source>
   <translation>Bild</translation>
  </message>
  <message>
   <source>Paint fidelity</source>
   <translation>Maltreue</translation>
  </message>
  <message>
   <source>Advanced</source>
   <translation>Erweitert</translation>
  </message>
  <message>
   <source>Advanced settings</source>
   <translation>Erweiterte Einstellungen</translation>
  </message>
  <message>
   <source>Sampling, paint weight, text encoders, device and memory</source>
   <translation>Sampling, Malgewicht, Textencoder, Gerät und Speicher</translation>
  </message>
  <message>
   <source>Use a model of your own: a .safetensors file or a folder in diffusers’ format</source>
   <translation>Ein eigenes Modell nutzen: eine .safetensors-Datei oder ein Ordner im Format von diffusers</translation>
  </message>
  <message>
   <source>Open Model File…</source>
   <translation>Modelldatei öffnen…</translation>
  </message>
  <message>
   <source>Open Model Folder…</source>
   <translation>Modellordner öffnen…</translation>
  </message>
  <message>
   <source>Text encoders</source>
   <translation>Textencoder</translation>
  </message>
  <message>
   <source>{name} of the picture in pixels</source>
   <translation>{name} des Bildes in Bildpunkten</translation>
  </message>
  <message>
   <source>model's own</source>
   <translation>vom Modell</translation>
  </message>
  <message>
   <source>Drop a picture here to use its look, not its layout.</source>
   <translation>Zieh ein Bild hierher, um seinen Stil zu nutzen, nicht seinen Aufbau.</translation>
  </message>
  <message>
   <source>Choose a picture…</source>
   <translation>Bild wählen…</translation>
  </message>
  <message>
   <source>Drop to use its look</source>
   <translation>Loslassen, um den Stil zu nutzen</translation>
  </message>
  <message>
   <source>Add another picture…</source>
   <translation>Noch ein Bild…</translation>
  </message>
  <message>
   <source>or use one of these:</source>
   <translation>oder nimm eines von diesen:</translation>
  </message>
  <message>
   <source>Size</source>
   <translation>Größe</translation>
  </message>
  <message>
   <source>Hardness</source>
   <translation>Härte</translation>
  </message>
  <message>
   <source>Opacity</source>
   <translation>Deckkraft</translation>
  </message>
  <message>
   <source>Diameter of the brush  ({smaller} {larger})</source>
   <translation>Durchmesser des Pinsels  ({smaller} {larger})</translation>
  </message>
  <message>
   <source>How sharp the edge of the brush is</source>
   <translation>Wie scharf der Rand des Pinsels ist</translation>
  </message>
  <message>
   <source>How much paint one stroke leaves</source>
   <translation>Wie viel ein Strich aufträgt</translation>
  </message>
  <message>
   <source>Paint opacity</source>
   <translation>Deckkraft der Bemalung</translation>
  </message>
  <message>
   <source>How strongly the paint covers the picture on the screen; it acts all the same</source>
   <translation>Wie stark die Bemalung das Bild am Bildschirm verdeckt; sie wirkt trotzdem ganz</translation>
  </message>
  <message>
   <source>How the paint is shown</source>
   <translation>Wie die Bemalung gezeigt wird</translation>
  </message>
  <message>
   <source>Fold {name}</source>
   <translation>{name} einklappen</translation>
  </message>
  <message>
   <source>Close {name}</source>
   <translation>{name} schließen</translation>
  </message>
  <message>
   <source>Skip the tour</source>
   <translation>Den Rundgang überspringen</translation>
  </message>
  <message>
   <source>Close this message</source>
   <translation>Diese Meldung schließen</translation>
  </message>
  <message>
   <source>Copy log</source>
   <translation>Protokoll kopieren</translation>
  </message>
  <message>
   <source>Copied</source>
   <translation>Kopiert</translation>
  </message>
  <message>
   <source>&amp;File</source>
   <translation>&amp;Datei</translation>
  </message>
  <message>
   <source>Open &amp;Recent</source>
   <translation>&amp;Zuletzt geöffnet</translation>
  </message>
  <message>
   <source>E&amp;xamples</source>
   <translation>B&amp;eispiele</translation>
  </message>
  <message>
   <source>&amp;Edit</source>
   <translation>&amp;Bearbeiten</translation>
  </message>
  <message>
   <source>&amp;Word</source>
   <translation>&amp;Wort</translation>
  </message>
  <message>
   <source>&amp;Tools</source>
   <translation>Wer&amp;kzeuge</translation>
  </message>
  <message>
   <source>&amp;Select</source>
   <translation>&amp;Auswahl</translation>
  </message>
  <message>
   <source>&amp;View</source>
   <translation>A&amp;nsicht</translation>
  </message>
  <message>
   <source>&amp;Theme</source>
   <translation>Aus&amp;sehen</translation>
  </message>
  <message>
   <source>Clear List</source>
   <translation>Liste leeren</translation>
  </message>
  <message>
   <source>&amp;Help</source>
   <translation>&amp;Hilfe</translation>
  </message>
  <message>
   <source>Preferences</source>
   <translation>Einstellungen</translation>
  </message>
  <message>
   <source>Search: theme, folder, undo, keys…</source>
   <translation>Suchen: Aussehen, Ordner, rückgängig, Tasten…</translation>
  </message>
  <message>
   <source>Search the preferences</source>
   <translation>Die Einstellungen durchsuchen</translation>
  </message>
  <message>
   <source>Done</source>
   <translation>Fertig</translation>
  </message>
  <message>
   <source>Nothing here has to do with “{words}”. Try another word.</source>
   <translation>Mit „{words}“ hat hier nichts zu tun. Versuche ein anderes Wort.</translation>
  </message>
  <message>
   <source>Everything acts at once.</source>
   <translation>Alles wirkt sofort.</translation>
  </message>
  <message>
   <source>How much is kept to go back to; the oldest steps go first. In use now: {size} MB</source>
   <translation>Wie viel behalten wird, um zurückzugehen; die ältesten Schritte gehen zuerst. Zurzeit belegt: {size} MB</translation>
  </message>
  <message>
   <source>Look</source>
   <translation>Aussehen</translation>
  </message>
  <message>
   <source>Painting</source>
   <translation>Malen</translation>
  </message>
  <message>
   <source>Safety</source>
   <translation>Sicherheit</translation>
  </message>
  <message>
   <source>Models and memory</source>
   <translation>Modelle und Speicher</translation>
  </message>
  <message>
   <source>Keys and help</source>
   <translation>Tasten und Hilfe</translation>
  </message>
  <message>
   <source>Default</source>
   <translation>Standard</translation>
  </message>
  <message>
   <source>Open Folder</source>
   <translation>Ordner öffnen</translation>
  </message>
  <message>
   <source>{count} seconds after a change</source>
   <translation>{count} Sekunden nach einer Änderung</translation>
  </message>
  <message>
   <source>Theme</source>
   <translation>Farbschema</translation>
  </message>
  <message>
   <source>The colours of the window</source>
   <translation>Die Farben des Fensters</translation>
  </message>
  <message>
   <source>Language</source>
   <translation>Sprache</translation>
  </message>
  <message>
   <source>Of menus, buttons and settings, from the next start on</source>
   <translation>Von Menüs, Knöpfen und Einstellungen, ab dem nächsten Start</translation>
  </message>
  <message>
   <source>Hide paint on new pictures</source>
   <translation>Bemalung auf neuen Bildern verbergen</translation>
  </message>
  <message>
   <source>A new picture shows alone; the paint comes back as soon as you paint</source>
   <translation>Ein neues Bild erscheint allein; die Bemalung kommt wieder, sobald du malst</translation>
  </message>
  <message>
   <source>Heatmap under the pointer</source>
   <translation>Heatmap unter dem Zeiger</translation>
  </message>
  <message>
   <source>Point at a word to see where it went in the picture</source>
   <translation>Auf ein Wort zeigen, um zu sehen, wo es im Bild gelandet ist</translation>
  </message>
  <message>
   <source>Pen pressure changes size</source>
   <translation>Stiftdruck ändert die Größe</translation>
  </message>
  <message>
   <source>Pen pressure changes opacity</source>
   <translation>Stiftdruck ändert die Deckkraft</translation>
  </message>
  <message>
   <source>Results folder</source>
   <translation>Ergebnisordner</translation>
  </message>
  <message>
   <source>Where every picture is kept</source>
   <translation>Wo jedes Bild bleibt</translation>
  </message>
  <message>
   <source>Metadata in exported pictures</source>
   <translation>Metadaten in exportierten Bildern</translation>
  </message>
  <message>
   <source>Prompt, paint and seed travel inside the PNG, which opens as a scene again</source>
   <translation>Prompt, Bemalung und Seed reisen im PNG mit, das sich wieder als Szene öffnen lässt</translation>
  </message>
  <message>
   <source>Autosave</source>
   <translation>Automatisch sichern</translation>
  </message>
  <message>
   <source>When unsaved work is kept, to be offered after a crash</source>
   <translation>Wann ungespeicherte Arbeit gesichert wird, um nach einem Absturz angeboten zu werden</translation>
  </message>
  <message>
   <source>Undo memory</source>
   <translation>Speicher für Rückgängig</translation>
  </message>
  <message>
   <source>Which models there are, and where they lie</source>
   <translation>Welche Modelle es gibt und wo sie liegen</translation>
  </message>
  <message>
   <source>Memory of this scene's model</source>
   <translation>Speicher für das Modell dieser Szene</translation>
  </message>
  <message>
   <source>The less it takes, the longer a picture takes; saved with the scene</source>
   <translation>Je weniger es nimmt, desto länger dauert ein Bild; wird mit der Szene gespeichert</translation>
  </message>
  <message>
   <source>Keyboard shortcuts</source>
   <translation>Tastenkürzel</translation>
  </message>
  <message>
   <source>The keys of every action</source>
   <translation>Die Tasten jeder Aktion</translation>
  </message>
  <message>
   <source>Tour</source>
   <translation>Rundgang</translation>
  </message>
  <message>
   <source>Results folder: {folder}</source>
   <translation>Ergebnisordner: {folder}</translation>
  </message>
  <message>
   <source>Where pictures are kept</source>
   <translation>Wo Bilder bleiben</translation>
  </message>
  <message>
   <source>Models…</source>
   <translation>Modelle…</translation>
  </message>
  <message>
   <source>Change…</source>
   <translation>Ändern…</translation>
  </message>
  <message>
   <source>Show It Again</source>
   <translation>Noch einmal zeigen</translation>
  </message>
  <message>
   <source>Nothing can be saved in “{folder}”.</source>
   <translation>In „{folder}“ lässt sich nichts speichern.</translation>
  </message>
  <message>
   <source>Choose a folder in which you may write.</source>
   <translation>Wähle einen Ordner, in den du schreiben darfst.</translation>
  </message>
  <message>
   <source>The language changes with the next start.</source>
   <translation>Die Sprache wechselt mit dem nächsten Start.</translation>
  </message>
  <message>
   <source>Keyboard Shortcuts</source>
   <translation>Tastenkürzel</translation>
  </message>
  <message>
   <source>Saved.</source>
   <translation>Gespeichert.</translation>
  </message>
  <message>
   <source>Click a field and press the new keys.</source>
   <translation>Klicke in ein Feld und drücke die neuen Tasten.</translation>
  </message>
  <message>
   <source>Reset to the default</source>
   <translation>Auf den Standard zurücksetzen</translation>
  </message>
  <message>
   <source>A picture begins as a sentence</source>
   <translation>Ein Bild beginnt als Satz</translation>
  </message>
  <message>
   <source>This one is ready. Change it as you like, now or later.</source>
   <translation>Dieser hier ist fertig. Ändere ihn, wie du magst, jetzt oder später.</translation>
  </message>
  <message>
   <source>Click a word</source>
   <translation>Klicke ein Wort an</translation>
  </message>
  <message>
   <source>It goes on your brush: any word of the sentence can be painted.</source>
   <translation>Damit ist es auf deinem Pinsel: jedes Wort des Satzes lässt sich malen.</translation>
  </message>
  <message>
   <source>Paint where it should be</source>
   <translation>Male, wo es sein soll</translation>
  </message>
  <message>
   <source>Drag over the picture. The patterns show where the other words are; E takes paint away.</source>
   <translation>Zieh über das Bild. Die Muster zeigen, wo die anderen Wörter sind; E nimmt Bemalung weg.</translation>
  </message>
  <message>
   <source>Press Generate, or {keys}. The starter model takes a few seconds.</source>
   <translation>Drücke Erzeugen oder {keys}. Das mitgelieferte Modell braucht ein paar Sekunden.</translation>
  </message>
  <message>
   <source>This is your first picture</source>
   <translation>Das ist dein erstes Bild</translation>
  </message>
  <message>
   <source>Results keep every picture by themselves. {keys} saves the scene, to paint on another day.</source>
   <translation>Die Ergebnisse behalten jedes Bild von selbst. {keys} speichert die Szene, um an einem anderen Tag weiterzumalen.</translation>
  </message>
  <message>
   <source>Next</source>
   <translation>Weiter</translation>
  </message>
  <message>
   <source>Begin from it, and its colours lie under your words; or use its look alone, as a style.</source>
   <translation>Davon ausgehen: seine Farben liegen dann unter den Wörtern. Oder nur seinen Look als Stil verwenden.</translation>
  </message>
  <message>
   <source>Begin from it</source>
   <translation>Davon ausgehen</translation>
  </message>
  <message>
   <source>Use as style</source>
   <translation>Als Stil verwenden</translation>
  </message>
  <message>
   <source>{keys} brings the rest of the window back.</source>
   <translation>{keys} holt den Rest des Fensters zurück.</translation>
  </message>
  <message>
   <source>Click a word in the prompt, then paint where it should be.

To paint a phrase, mark it and press Enter.

Or generate first, then point at a word to see where it went and keep it there.</source>
   <translation>Klicke ein Wort im Prompt an und male dann, wo es sein soll.

Um eine Wortgruppe zu malen, markiere sie und drücke die Eingabetaste.

Oder erzeuge zuerst, zeige dann auf ein Wort, um zu sehen, wo es gelandet ist, und behalte es dort.</translation>
  </message>
  <message>
   <source>Remove words not in the prompt</source>
   <translation>Wörter entfernen, die nicht im Prompt stehen</translation>
  </message>
  <message>
   <source>Change the colour</source>
   <translation>Die Farbe ändern</translation>
  </message>
  <message>
   <source>Show or hide this word's paint. Hidden paint still acts</source>
   <translation>Die Bemalung dieses Wortes zeigen oder verbergen. Auch verborgen wirkt sie</translation>
  </message>
  <message>
   <source>When this word's paint is active</source>
   <translation>Wann die Bemalung dieses Wortes wirkt</translation>
  </message>
  <message>
   <source>Give this paint to another word</source>
   <translation>Diese Bemalung einem anderen Wort geben</translation>
  </message>
  <message>
   <source>Remove this word's paint</source>
   <translation>Die Bemalung dieses Wortes entfernen</translation>
  </message>
  <message>
   <source>Remove this word and its paint</source>
   <translation>Dieses Wort mit seiner Bemalung entfernen</translation>
  </message>
  <message>
   <source>Show or hide this word's settings</source>
   <translation>Die Einstellungen dieses Wortes zeigen oder verbergen</translation>
  </message>
  <message>
   <source>Strength</source>
   <translation>Stärke</translation>
  </message>
  <message>
   <source>1 is normal, 0 is off, below 0 keeps the word out of its paint.</source>
   <translation>1 ist normal, 0 ist aus, unter 0 hält das Wort von seiner Bemalung fern.</translation>
  </message>
  <message>
   <source>Paint this word where the picture has it</source>
   <translation>Dieses Wort dort malen, wo das Bild es hat</translation>
  </message>
  <message>
   <source>Attach to the marked text</source>
   <translation>Dem markierten Text zuordnen</translation>
  </message>
 </context>
</TS>
