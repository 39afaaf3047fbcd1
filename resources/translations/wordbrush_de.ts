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
   <source>Cut Out to a La&amp;yer</source>
   <translation>Als &amp;Ebene ausschneiden</translation>
  </message>
  <message>
   <source>Make the chosen word, cut out of the picture, a layer that the next picture begins from</source>
   <translation>Das gewählte Wort, aus dem Bild ausgeschnitten, zu einer Ebene machen, von der das nächste Bild ausgeht</translation>
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
   <source>&amp;Keep the Picture as a Layer</source>
   <translation>Bild als Ebene be&amp;halten</translation>
  </message>
  <message>
   <source>Make the picture on the canvas, or what is selected of it, a layer that the next picture begins from</source>
   <translation>Das Bild auf der Leinwand, oder was davon ausgewählt ist, zu einer Ebene machen, von der das nächste Bild ausgeht</translation>
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
   <source>&amp;Begin Again From the Same Start</source>
   <translation>&amp;Noch einmal vom selben Anfang</translation>
  </message>
  <message>
   <source>Begin once more from what the picture on the canvas began from; a file that was opened is made again</source>
   <translation>Noch einmal mit dem beginnen, womit das Bild auf der Leinwand begann; eine geöffnete Datei entsteht so noch einmal</translation>
  </message>
  <message>
   <source>Re&amp;fine…</source>
   <translation>Ver&amp;feinern…</translation>
  </message>
  <message>
   <source>Make the picture two to four times as large, and its details anew</source>
   <translation>Das Bild zwei- bis viermal so groß machen, und seine Einzelheiten neu</translation>
  </message>
  <message>
   <source>E&amp;xtend the Canvas…</source>
   <translation>Leinwand er&amp;weitern…</translation>
  </message>
  <message>
   <source>Make the canvas larger on any side, and fill what is new to go with the picture</source>
   <translation>Die Leinwand an beliebigen Seiten größer machen und das Neue passend zum Bild füllen</translation>
  </message>
  <message>
   <source>Bar for &amp;Working on the Picture</source>
   <translation>Leiste zum &amp;Arbeiten am Bild</translation>
  </message>
  <message>
   <source>Show the bar under the picture: repaint, vary, refine, extend</source>
   <translation>Die Leiste unter dem Bild zeigen: neu malen, abwandeln, verfeinern, erweitern</translation>
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
   <source>The picture has it where you painted it.</source>
   <translation>Das Bild hat es dort, wo du es gemalt hast.</translation>
  </message>
  <message>
   <source>The picture keeps it out of this paint.</source>
   <translation>Das Bild hält es aus dieser Bemalung heraus.</translation>
  </message>
  <message>
   <source>The picture may not have it here. Raise its strength, or give it more room.</source>
   <translation>Das Bild hat es hier vielleicht nicht. Erhöhe seine Stärke oder gib ihm mehr Platz.</translation>
  </message>
  <message>
   <source>The picture may still have it here. Lower its strength.</source>
   <translation>Das Bild hat es hier vielleicht noch. Verringere seine Stärke.</translation>
  </message>
  <message>
   <source>Sketch</source>
   <translation>Skizze</translation>
  </message>
  <message>
   <source>Edges</source>
   <translation>Kanten</translation>
  </message>
  <message>
   <source>Depth</source>
   <translation>Tiefe</translation>
  </message>
  <message>
   <source>Pose</source>
   <translation>Pose</translation>
  </message>
  <message>
   <source>Normals</source>
   <translation>Normalen</translation>
  </message>
  <message>
   <source>Segments</source>
   <translation>Segmente</translation>
  </message>
  <message>
   <source>Tile</source>
   <translation>Kachel</translation>
  </message>
  <message>
   <source>Other</source>
   <translation>Anderes</translation>
  </message>
  <message>
   <source>A control map already</source>
   <translation>Schon eine Kontrollkarte</translation>
  </message>
  <message>
   <source>A picture: find its edges</source>
   <translation>Ein Bild: seine Kanten suchen</translation>
  </message>
  <message>
   <source>Dark lines on white</source>
   <translation>Dunkle Linien auf Weiß</translation>
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
   <source>Vary It</source>
   <translation>Abwandeln</translation>
  </message>
  <message>
   <source>Refine It…</source>
   <translation>Verfeinern…</translation>
  </message>
  <message>
   <source>Begin Again From Its Start</source>
   <translation>Noch einmal von seinem Anfang</translation>
  </message>
  <message>
   <source>As Suits Its Size</source>
   <translation>wie es zur Größe passt</translation>
  </message>
  <message>
   <source>32 Pixels</source>
   <translation>32 Pixel</translation>
  </message>
  <message>
   <source>64 Pixels</source>
   <translation>64 Pixel</translation>
  </message>
  <message>
   <source>128 Pixels</source>
   <translation>128 Pixel</translation>
  </message>
  <message>
   <source>The Whole Picture</source>
   <translation>das ganze Bild</translation>
  </message>
  <message>
   <source>Left</source>
   <translation>Links</translation>
  </message>
  <message>
   <source>Top</source>
   <translation>Oben</translation>
  </message>
  <message>
   <source>Right</source>
   <translation>Rechts</translation>
  </message>
  <message>
   <source>Bottom</source>
   <translation>Unten</translation>
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
   <source>Model</source>
   <translation>Modell</translation>
  </message>
  <message>
   <source>Family</source>
   <translation>Familie</translation>
  </message>
  <message>
   <source>Size</source>
   <translation>Größe</translation>
  </message>
  <message>
   <source>Precision</source>
   <translation>Genauigkeit</translation>
  </message>
  <message>
   <source>Licence</source>
   <translation>Lizenz</translation>
  </message>
  <message>
   <source>State</source>
   <translation>Zustand</translation>
  </message>
  <message>
   <source>Only the starter is here. To get a bigger model, type its ORG/NAME from huggingface.co below and press Download.</source>
   <translation>Nur der Starter ist hier. Für ein größeres Modell unten sein ORG/NAME von huggingface.co eingeben und auf Herunterladen klicken.</translation>
  </message>
  <message>
   <source>Have one on disk? Drop its .safetensors file or diffusers folder here, or the folder of ComfyUI, Forge or A1111.</source>
   <translation>Schon eines auf der Festplatte? Zieh seine .safetensors-Datei oder seinen diffusers-Ordner hierher, oder den Ordner von ComfyUI, Forge oder A1111.</translation>
  </message>
  <message>
   <source>Wordbrush scenes (*.ora)</source>
   <translation>Wordbrush-Szenen (*.ora)</translation>
  </message>
  <message>
   <source>Scenes and pictures (*.ora~ *.ora *.png *.jpg *.jpeg *.webp *.bmp *.tif *.tiff *.gif *.kra *.psd)</source>
   <translation>Szenen und Bilder (*.ora~ *.ora *.png *.jpg *.jpeg *.webp *.bmp *.tif *.tiff *.gif *.kra *.psd)</translation>
  </message>
  <message>
   <source>Colour maps (*.png *.bmp *.gif *.webp *.tif *.tiff *.jpg *.jpeg)</source>
   <translation>Farbkarten (*.png *.bmp *.gif *.webp *.tif *.tiff *.jpg *.jpeg)</translation>
  </message>
  <message>
   <source>PNG pictures (*.png)</source>
   <translation>PNG-Bilder (*.png)</translation>
  </message>
  <message>
   <source>Pictures (*.png *.webp *.jpg *.jpeg)</source>
   <translation>Bilder (*.png *.webp *.jpg *.jpeg)</translation>
  </message>
  <message>
   <source>Keys, with the pointer on the canvas</source>
   <translation>Tasten, mit dem Zeiger auf der Leinwand</translation>
  </message>
  <message>
   <source>Picture</source>
   <translation>Bild</translation>
  </message>
  <message>
   <source>Sampling</source>
   <translation>Sampling</translation>
  </message>
  <message>
   <source>Paint</source>
   <translation>Bemalung</translation>
  </message>
  <message>
   <source>Device</source>
   <translation>Gerät</translation>
  </message>
  <message>
   <source>On the canvas</source>
   <translation>Auf der Leinwand</translation>
  </message>
  <message>
   <source>Drag</source>
   <translation>Ziehen</translation>
  </message>
  <message>
   <source>Paint the chosen word</source>
   <translation>Das gewählte Wort malen</translation>
  </message>
  <message>
   <source>Right-click</source>
   <translation>Rechtsklick</translation>
  </message>
  <message>
   <source>Pick the word under the pointer; again for the one below</source>
   <translation>Das Wort unter dem Zeiger nehmen; noch einmal für das darunter</translation>
  </message>
  <message>
   <source>Shift-click</source>
   <translation>Umschalt-Klick</translation>
  </message>
  <message>
   <source>Draw a straight line from the last stroke</source>
   <translation>Eine gerade Linie vom letzten Strich aus ziehen</translation>
  </message>
  <message>
   <source>Shift, Ctrl while drawing a shape</source>
   <translation>Umschalt, Strg beim Zeichnen einer Form</translation>
  </message>
  <message>
   <source>Keep it square or round; draw it from its middle</source>
   <translation>Quadratisch oder rund halten; von der Mitte aus zeichnen</translation>
  </message>
  <message>
   <source>Shift, Ctrl before selecting</source>
   <translation>Umschalt, Strg vor dem Auswählen</translation>
  </message>
  <message>
   <source>Add to the selection; take away from it</source>
   <translation>Zur Auswahl hinzufügen; von ihr abziehen</translation>
  </message>
  <message>
   <source>Ctrl-drag with the brush</source>
   <translation>Strg-Ziehen mit dem Pinsel</translation>
  </message>
  <message>
   <source>Make the brush larger or smaller</source>
   <translation>Den Pinsel größer oder kleiner machen</translation>
  </message>
  <message>
   <source>Enter; Esc</source>
   <translation>Eingabe; Esc</translation>
  </message>
  <message>
   <source>Apply a transformation, close a shape; give it up</source>
   <translation>Eine Transformation anwenden, eine Form schließen; verwerfen</translation>
  </message>
  <message>
   <source>Space, drag</source>
   <translation>Leertaste, ziehen</translation>
  </message>
  <message>
   <source>Move the picture; the middle button does too</source>
   <translation>Das Bild verschieben; auch mit der mittleren Maustaste</translation>
  </message>
  <message>
   <source>Shift+Space, drag</source>
   <translation>Umschalt+Leertaste, ziehen</translation>
  </message>
  <message>
   <source>Turn the view; two fingers do too</source>
   <translation>Die Ansicht drehen; auch mit zwei Fingern</translation>
  </message>
  <message>
   <source>Wheel</source>
   <translation>Mausrad</translation>
  </message>
  <message>
   <source>Zoom</source>
   <translation>Zoomen</translation>
  </message>
  <message>
   <source>Pen, upside down</source>
   <translation>Stift, umgedreht</translation>
  </message>
  <message>
   <source>Erase</source>
   <translation>Radieren</translation>
  </message>
  <message>
   <source>Ctrl+Tab</source>
   <translation>Strg+Tab</translation>
  </message>
  <message>
   <source>Go on to the next control, as Tab alone hides the paint</source>
   <translation>Zum nächsten Bedienelement, da Tab allein die Bemalung verbirgt</translation>
  </message>
  <message>
   <source>Colours under the words</source>
   <translation>Farben unter den Wörtern</translation>
  </message>
  <message>
   <source>Colours in the list of words</source>
   <translation>Farben in der Liste der Wörter</translation>
  </message>
  <message>
   <source>Choose them: brush, shapes, bucket and gradient paint colours then</source>
   <translation>Sie wählen: Pinsel, Formen, Füllen und Verlauf malen dann Farben</translation>
  </message>
  <message>
   <source>Alt-click</source>
   <translation>Alt-Klick</translation>
  </message>
  <message>
   <source>Take the colour under the pointer, of the colours or of the picture</source>
   <translation>Die Farbe unter dem Zeiger aufnehmen, aus den Farben oder dem Bild</translation>
  </message>
  <message>
   <source>Strength of the colours</source>
   <translation>Stärke der Farben</translation>
  </message>
  <message>
   <source>How much of them the picture keeps; it begins from them</source>
   <translation>Wie viel das Bild von ihnen behält; es beginnt mit ihnen</translation>
  </message>
  <message>
   <source>Pictures below the colours</source>
   <translation>Bilder unter den Farben</translation>
  </message>
  <message>
   <source>Layers to begin from too; menu Tools keeps the picture as one</source>
   <translation>Ebenen, von denen auch ausgegangen wird; das Menü Werkzeuge behält das Bild als eine</translation>
  </message>
  <message>
   <source>Move and Transform</source>
   <translation>Verschieben und Transformieren</translation>
  </message>
  <message>
   <source>They act on the paint of words only; the colours stay where they are</source>
   <translation>Sie wirken nur auf die Bemalung von Wörtern; die Farben bleiben, wo sie sind</translation>
  </message>
  <message>
   <source>In the prompt</source>
   <translation>Im Prompt</translation>
  </message>
  <message>
   <source>Click a word</source>
   <translation>Klicke ein Wort an</translation>
  </message>
  <message>
   <source>Choose it for painting</source>
   <translation>Zum Malen wählen</translation>
  </message>
  <message>
   <source>Click it again, or double-click</source>
   <translation>Noch einmal anklicken oder doppelklicken</translation>
  </message>
  <message>
   <source>Type there</source>
   <translation>Dort schreiben</translation>
  </message>
  <message>
   <source>Drag over a phrase, Enter</source>
   <translation>Über eine Wortgruppe ziehen, Eingabe</translation>
  </message>
  <message>
   <source>Paint the phrase</source>
   <translation>Die Wortgruppe malen</translation>
  </message>
  <message>
   <source>Ctrl+Up, Ctrl+Down</source>
   <translation>Strg+Auf, Strg+Ab</translation>
  </message>
  <message>
   <source>Make the word at the cursor stronger or weaker</source>
   <translation>Das Wort an der Schreibmarke stärker oder schwächer machen</translation>
  </message>
  <message>
   <source>(word:1.3)</source>
   <translation>(Wort:1.3)</translation>
  </message>
  <message>
   <source>Set the word's strength to 1.3</source>
   <translation>Die Stärke des Wortes auf 1,3 setzen</translation>
  </message>
  <message>
   <source>{this|that}</source>
   <translation>{dies|das}</translation>
  </message>
  <message>
   <source>Take one of them, by the seed</source>
   <translation>Eines davon nehmen, je nach Seed</translation>
  </message>
  <message>
   <source># text</source>
   <translation># Text</translation>
  </message>
  <message>
   <source>A note that is not read, to the end of the line</source>
   <translation>Eine Notiz, die nicht gelesen wird, bis zum Ende der Zeile</translation>
  </message>
  <message>
   <source>Point at a word</source>
   <translation>Auf ein Wort zeigen</translation>
  </message>
  <message>
   <source>See where it went in the picture</source>
   <translation>Sehen, wo es im Bild gelandet ist</translation>
  </message>
  <message>
   <source>Begin a word that the model knows</source>
   <translation>Ein Wort beginnen, das das Modell kennt</translation>
  </message>
  <message>
   <source>The rest is offered: Tab or Enter takes it, Esc closes the list</source>
   <translation>Der Rest wird angeboten: Tab oder Eingabe nimmt ihn, Esc schließt die Liste</translation>
  </message>
  <message>
   <source>In the palette</source>
   <translation>In der Palette</translation>
  </message>
  <message>
   <source>Click a noun</source>
   <translation>Ein Hauptwort anklicken</translation>
  </message>
  <message>
   <source>It joins the prompt and is on the brush; one that is there already is picked</source>
   <translation>Es kommt in den Prompt und auf den Pinsel; eines, das schon da ist, wird gewählt</translation>
  </message>
  <message>
   <source>Drag a noun onto the window</source>
   <translation>Ein Hauptwort auf das Fenster ziehen</translation>
  </message>
  <message>
   <source>The same</source>
   <translation>Dasselbe</translation>
  </message>
  <message>
   <source>Type, then Enter</source>
   <translation>Tippen, dann Eingabe</translation>
  </message>
  <message>
   <source>Find a noun and take it; the arrows go through the list</source>
   <translation>Ein Hauptwort finden und nehmen; die Pfeile gehen durch die Liste</translation>
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
   <source>Rename the Layer</source>
   <translation>Ebene umbenennen</translation>
  </message>
  <message>
   <source>Name</source>
   <translation>Name</translation>
  </message>
  <message>
   <source>Rename…</source>
   <translation>Umbenennen…</translation>
  </message>
  <message>
   <source>Delete the Layer</source>
   <translation>Ebene löschen</translation>
  </message>
  <message>
   <source>Show or hide this picture. A hidden one is left out</source>
   <translation>Dieses Bild zeigen oder verbergen. Ein verborgenes wird ausgelassen</translation>
  </message>
  <message>
   <source>Opacity</source>
   <translation>Deckkraft</translation>
  </message>
  <message>
   <source>Move this picture up</source>
   <translation>Dieses Bild nach oben</translation>
  </message>
  <message>
   <source>Move this picture down</source>
   <translation>Dieses Bild nach unten</translation>
  </message>
  <message>
   <source>Delete this layer</source>
   <translation>Diese Ebene löschen</translation>
  </message>
  <message>
   <source>Picture layer {name}</source>
   <translation>Bildebene {name}</translation>
  </message>
  <message>
   <source>A picture that the run begins from, under the colours. Double-click renames it</source>
   <translation>Ein Bild unter den Farben, von dem ausgegangen wird. Ein Doppelklick benennt es um</translation>
  </message>
  <message>
   <source>Move Up</source>
   <translation>Nach oben</translation>
  </message>
  <message>
   <source>Move Down</source>
   <translation>Nach unten</translation>
  </message>
  <message>
   <source>hidden</source>
   <translation>verborgen</translation>
  </message>
  <message>
   <source>A layer under the colours: the next picture begins from it, as strongly as from colours.</source>
   <translation>Eine Ebene unter den Farben: Das nächste Bild geht von ihr aus, so stark wie von Farben.</translation>
  </message>
  <message>
   <source>There is no picture yet that could become a layer. Generate one, or open one, first.</source>
   <translation>Es gibt noch kein Bild, das eine Ebene werden könnte. Erst eines erzeugen oder öffnen.</translation>
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
   <source>Remove this control picture</source>
   <translation>Diese Vorlage entfernen</translation>
  </message>
  <message>
   <source>Shows</source>
   <translation>Zeigt</translation>
  </message>
  <message>
   <source>What the picture shows</source>
   <translation>Was das Bild zeigt</translation>
  </message>
  <message>
   <source>Is</source>
   <translation>Ist</translation>
  </message>
  <message>
   <source>How the control map is made of the picture</source>
   <translation>Wie aus dem Bild die Kontrollkarte wird</translation>
  </message>
  <message>
   <source>ControlNet</source>
   <translation>ControlNet</translation>
  </message>
  <message>
   <source>The network that keeps the result to the picture</source>
   <translation>Das Netz, das das Ergebnis am Bild hält</translation>
  </message>
  <message>
   <source>Strength</source>
   <translation>Stärke</translation>
  </message>
  <message>
   <source>How hard the result keeps to the picture: 1 is normal, 0 is off</source>
   <translation>Wie eng sich das Ergebnis an das Bild hält: 1 ist normal, 0 ist aus</translation>
  </message>
  <message>
   <source>The first of the steps in which the picture acts</source>
   <translation>Der erste der Schritte, in denen das Bild wirkt</translation>
  </message>
  <message>
   <source>The last of the steps in which the picture acts
Early steps decide the layout.</source>
   <translation>Der letzte der Schritte, in denen das Bild wirkt
Frühe Schritte bestimmen die Anordnung.</translation>
  </message>
  <message>
   <source>Control picture {name}</source>
   <translation>Vorlage {name}</translation>
  </message>
  <message>
   <source>First that fits</source>
   <translation>Das erste passende</translation>
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
   <source>A scene holds at most {max_controls} control pictures: remove one first</source>
   <translation>Eine Szene fasst höchstens {max_controls} Vorlagen: erst eine entfernen</translation>
  </message>
  <message>
   <source>A picture whose shapes the result keeps to, by a ControlNet. Drop one here, or choose one</source>
   <translation>Ein Bild, an dessen Formen sich das Ergebnis durch ein ControlNet hält. Hierher ziehen oder eines wählen</translation>
  </message>
  <message>
   <source>Import Colour Map</source>
   <translation>Farbkarte importieren</translation>
  </message>
  <message>
   <source>As it is</source>
   <translation>Wie sie ist</translation>
  </message>
  <message>
   <source>Fill in what these colours mean elsewhere</source>
   <translation>Ergänzen, was diese Farben anderswo bedeuten</translation>
  </message>
  <message>
   <source>Prompt; phrases that it lacks are written behind it</source>
   <translation>Prompt; Wortgruppen, die ihm fehlen, werden angehängt</translation>
  </message>
  <message>
   <source>Import</source>
   <translation>Importieren</translation>
  </message>
  <message>
   <source>Cancel</source>
   <translation>Abbrechen</translation>
  </message>
  <message>
   <source>Colour</source>
   <translation>Farbe</translation>
  </message>
  <message>
   <source>Each colour with words becomes a painted word. Leave the words empty to leave it out.</source>
   <translation>Jede Farbe mit Wörtern wird ein bemaltes Wort. Was keine Wörter hat, bleibt weg.</translation>
  </message>
  <message>
   <source>Strength of {value}</source>
   <translation>Stärke von {value}</translation>
  </message>
  <message>
   <source>Exported {value}</source>
   <translation>{value} exportiert</translation>
  </message>
  <message>
   <source>Saved {name}</source>
   <translation>{name} gespeichert</translation>
  </message>
  <message>
   <source>Exported {name}</source>
   <translation>{name} exportiert</translation>
  </message>
  <message>
   <source>Save the changes to this scene?</source>
   <translation>Die Änderungen an dieser Szene speichern?</translation>
  </message>
  <message>
   <source>If you do not save, changes since the last save are lost. Finished pictures are kept.</source>
   <translation>Ohne Speichern gehen die Änderungen seit dem letzten Speichern verloren. Fertige Bilder bleiben erhalten.</translation>
  </message>
  <message>
   <source>“{name}” was changed by another program.</source>
   <translation>„{name}“ wurde von einem anderen Programm geändert.</translation>
  </message>
  <message>
   <source>Saving here replaces what that program wrote. To keep both, save under another name.</source>
   <translation>Speichern ersetzt, was jenes Programm geschrieben hat. Um beides zu behalten, unter einem anderen Namen speichern.</translation>
  </message>
  <message>
   <source>Save As…</source>
   <translation>Speichern unter…</translation>
  </message>
  <message>
   <source>Overwrite</source>
   <translation>Überschreiben</translation>
  </message>
  <message>
   <source>“{name}” is open in another Wordbrush window.</source>
   <translation>„{name}“ ist in einem anderen Wordbrush-Fenster offen.</translation>
  </message>
  <message>
   <source>Open a copy here, which is saved under a name of its own?</source>
   <translation>Hier eine Kopie öffnen, die unter eigenem Namen gespeichert wird?</translation>
  </message>
  <message>
   <source>Open a Copy</source>
   <translation>Kopie öffnen</translation>
  </message>
  <message>
   <source>Wordbrush</source>
   <translation>Wordbrush</translation>
  </message>
  <message>
   <source>Open</source>
   <translation>Öffnen</translation>
  </message>
  <message>
   <source>Export</source>
   <translation>Exportieren</translation>
  </message>
  <message>
   <source>Open a Model Folder</source>
   <translation>Modellordner öffnen</translation>
  </message>
  <message>
   <source>Open a Model File</source>
   <translation>Modelldatei öffnen</translation>
  </message>
  <message>
   <source>Models (*.safetensors *.sft *.SAFETENSORS *.SFT);;All files (*)</source>
   <translation>Modelle (*.safetensors *.sft *.SAFETENSORS *.SFT);;Alle Dateien (*)</translation>
  </message>
  <message>
   <source>Export Picture</source>
   <translation>Bild exportieren</translation>
  </message>
  <message>
   <source>Save Scene</source>
   <translation>Szene speichern</translation>
  </message>
  <message>
   <source>today at {clock}</source>
   <translation>heute um {clock}</translation>
  </message>
  <message>
   <source>on {day} {when} at {clock}</source>
   <translation>am {day}. {when} um {clock}</translation>
  </message>
  <message>
   <source>Recover Unsaved Scenes</source>
   <translation>Ungespeicherte Szenen wiederherstellen</translation>
  </message>
  <message>
   <source>Close</source>
   <translation>Schließen</translation>
  </message>
  <message>
   <source>Wordbrush closed unexpectedly. Restore “{title}”?</source>
   <translation>Wordbrush wurde unerwartet beendet. „{title}“ wiederherstellen?</translation>
  </message>
  <message>
   <source>It was saved automatically {spoken_time}.</source>
   <translation>Automatisch gespeichert {spoken_time}.</translation>
  </message>
  <message>
   <source>Kept {spoken_time}</source>
   <translation>Gesichert {spoken_time}</translation>
  </message>
  <message>
   <source>Restore</source>
   <translation>Wiederherstellen</translation>
  </message>
  <message>
   <source>Discard</source>
   <translation>Verwerfen</translation>
  </message>
  <message>
   <source>Wordbrush closed unexpectedly. {count} unsaved scenes were kept.</source>
   <translation>Wordbrush wurde unerwartet beendet. {count} ungespeicherte Szenen sind erhalten.</translation>
  </message>
  <message>
   <source>See them, and restore or discard each.</source>
   <translation>Sieh sie dir an und stelle jede wieder her oder verwirf sie.</translation>
  </message>
  <message>
   <source>Those that you leave are offered again at the next start, and in the File menu.</source>
   <translation>Was hier liegen bleibt, wird beim nächsten Start wieder angeboten, und im Menü Datei.</translation>
  </message>
  <message>
   <source>There is none: nothing was lost.</source>
   <translation>Es gibt keine: nichts ist verloren gegangen.</translation>
  </message>
  <message>
   <source>Show Them…</source>
   <translation>Anzeigen…</translation>
  </message>
  <message>
   <source>Starting…</source>
   <translation>Beginnt…</translation>
  </message>
  <message>
   <source>Cancelling…</source>
   <translation>Wird abgebrochen…</translation>
  </message>
  <message>
   <source>Cancelled</source>
   <translation>Abgebrochen</translation>
  </message>
  <message>
   <source>Live</source>
   <translation>Live</translation>
  </message>
  <message>
   <source>Done</source>
   <translation>Fertig</translation>
  </message>
  <message>
   <source>{what} in {seconds} s · {step_ms} ms a step</source>
   <translation>{what} in {seconds} s · {step_ms} ms pro Schritt</translation>
  </message>
  <message>
   <source>Loading {what}…</source>
   <translation>{what} wird geladen…</translation>
  </message>
  <message>
   <source>Ready</source>
   <translation>Bereit</translation>
  </message>
  <message>
   <source>{which}Step {index} of {total} · {who}{time_left}</source>
   <translation>{which}Schritt {index} von {total} · {who}{time_left}</translation>
  </message>
  <message>
   <source>{title} · Step {index} of {total}</source>
   <translation>{title} · Schritt {index} von {total}</translation>
  </message>
  <message>
   <source>Picture {value} of {count} · </source>
   <translation>Bild {value} von {count} · </translation>
  </message>
  <message>
   <source>{value} · {waiting} more waiting</source>
   <translation>{value} · {waiting} in der Warteschlange</translation>
  </message>
  <message>
   <source>{round} min left</source>
   <translation>noch {round} min</translation>
  </message>
  <message>
   <source>under a second left</source>
   <translation>noch unter einer Sekunde</translation>
  </message>
  <message>
   <source>{round} s left</source>
   <translation>noch {round} s</translation>
  </message>
  <message>
   <source>“{value}” is in the list.</source>
   <translation>„{value}“ ist in der Liste.</translation>
  </message>
  <message>
   <source>{count} models are in the list.</source>
   <translation>{count} Modelle sind in der Liste.</translation>
  </message>
  <message>
   <source>Checking “{name}”</source>
   <translation>„{name}“ wird geprüft</translation>
  </message>
  <message>
   <source>Remove “{name}”?</source>
   <translation>„{name}“ entfernen?</translation>
  </message>
  <message>
   <source>Download “{name}”?</source>
   <translation>„{name}“ herunterladen?</translation>
  </message>
  <message>
   <source>Download</source>
   <translation>Herunterladen</translation>
  </message>
  <message>
   <source>The models of this executor cannot be changed from here.</source>
   <translation>Die Modelle dieser Maschine lassen sich von hier aus nicht ändern.</translation>
  </message>
  <message>
   <source>Delete</source>
   <translation>Löschen</translation>
  </message>
  <message>
   <source>Remove</source>
   <translation>Entfernen</translation>
  </message>
  <message>
   <source>Wait for what runs, or cancel it first.</source>
   <translation>Warte auf das, was gerade läuft, oder brich es erst ab.</translation>
  </message>
  <message>
   <source>Asking for {source}</source>
   <translation>Anfrage nach {source}</translation>
  </message>
  <message>
   <source>Downloading “{name}”</source>
   <translation>„{name}“ wird heruntergeladen</translation>
  </message>
  <message>
   <source>“{name}” is here.</source>
   <translation>„{name}“ ist da.</translation>
  </message>
  <message>
   <source>“{name}” is removed.</source>
   <translation>„{name}“ ist entfernt.</translation>
  </message>
  <message>
   <source>Installed models</source>
   <translation>Installierte Modelle</translation>
  </message>
  <message>
   <source>Get What Is Missing…</source>
   <translation>Fehlendes holen…</translation>
  </message>
  <message>
   <source>Use</source>
   <translation>Verwenden</translation>
  </message>
  <message>
   <source>Check and Calibrate</source>
   <translation>Prüfen und kalibrieren</translation>
  </message>
  <message>
   <source>Remove…</source>
   <translation>Entfernen…</translation>
  </message>
  <message>
   <source>Add File…</source>
   <translation>Datei hinzufügen…</translation>
  </message>
  <message>
   <source>Add Folder…</source>
   <translation>Ordner hinzufügen…</translation>
  </message>
  <message>
   <source>ORG/NAME on huggingface.co, or the https address of a .safetensors file</source>
   <translation>ORG/NAME auf huggingface.co, oder die https-Adresse einer .safetensors-Datei</translation>
  </message>
  <message>
   <source>Model to download</source>
   <translation>Modell zum Herunterladen</translation>
  </message>
  <message>
   <source>Download…</source>
   <translation>Herunterladen…</translation>
  </message>
  <message>
   <source>Keep off the network</source>
   <translation>Nicht ins Netz gehen</translation>
  </message>
  <message>
   <source>It ships with Wordbrush.</source>
   <translation>Es wird mit Wordbrush geliefert.</translation>
  </message>
  <message>
   <source>It lies in the models folder.</source>
   <translation>Es liegt im Modellordner.</translation>
  </message>
  <message>
   <source>It is used where it lies.</source>
   <translation>Es wird verwendet, wo es liegt.</translation>
  </message>
  <message>
   <source>It lies in the Hub's cache and is used there.</source>
   <translation>Es liegt im Cache des Hubs und wird dort verwendet.</translation>
  </message>
  <message>
   <source> Downloaded from {source}.</source>
   <translation> Heruntergeladen von {source}.</translation>
  </message>
  <message>
   <source>Its files are deleted; they can be downloaded again.</source>
   <translation>Seine Dateien werden gelöscht; sie lassen sich wieder herunterladen.</translation>
  </message>
  <message>
   <source>Its files stay where they are.</source>
   <translation>Seine Dateien bleiben, wo sie sind.</translation>
  </message>
  <message>
   <source>All models of {program} are taken off the list. Their files stay where they are.</source>
   <translation>Alle Modelle von {program} werden aus der Liste genommen. Ihre Dateien bleiben, wo sie sind.</translation>
  </message>
  <message>
   <source>Looking through the model files…</source>
   <translation>Die Modelldateien werden durchgesehen…</translation>
  </message>
  <message>
   <source>missing: {value}</source>
   <translation>fehlt: {value}</translation>
  </message>
  <message>
   <source>Calibrated on this machine: paint weight {paint_weight}.</source>
   <translation>Auf dieser Maschine kalibriert: Malgewicht {paint_weight}.</translation>
  </message>
  <message>
   <source>Missing: {value}.</source>
   <translation>Fehlt: {value}.</translation>
  </message>
  <message>
   <source>The scene uses “{name}” now.</source>
   <translation>Die Szene verwendet jetzt „{name}“.</translation>
  </message>
  <message>
   <source>Wordbrush did not download this model, so it does not delete it: {path}</source>
   <translation>Wordbrush hat dieses Modell nicht heruntergeladen und löscht es deshalb nicht: {path}</translation>
  </message>
  <message>
   <source>Add a Model Folder</source>
   <translation>Modellordner hinzufügen</translation>
  </message>
  <message>
   <source>Add a Model File</source>
   <translation>Modelldatei hinzufügen</translation>
  </message>
  <message>
   <source>Models (*.safetensors *.sft *.gguf);;Lists of model folders (*.yaml *.yml);;All files (*)</source>
   <translation>Modelle (*.safetensors *.sft *.gguf);;Listen von Modellordnern (*.yaml *.yml);;Alle Dateien (*)</translation>
  </message>
  <message>
   <source>cannot be used</source>
   <translation>nicht verwendbar</translation>
  </message>
  <message>
   <source>ready</source>
   <translation>bereit</translation>
  </message>
  <message>
   <source>Remove this LoRA</source>
   <translation>Diese LoRA entfernen</translation>
  </message>
  <message>
   <source>Weight</source>
   <translation>Gewicht</translation>
  </message>
  <message>
   <source>How strongly it changes the model: 1 is what it was trained for, 0 nothing</source>
   <translation>Wie stark sie das Modell verändert: 1 ist, wofür sie trainiert wurde, 0 nichts</translation>
  </message>
  <message>
   <source>Only for the word</source>
   <translation>Nur für das Wort</translation>
  </message>
  <message>
   <source>The word in whose paint alone it acts</source>
   <translation>Das Wort, in dessen Bemalung allein sie wirkt</translation>
  </message>
  <message>
   <source>LoRA {name}</source>
   <translation>LoRA {name}</translation>
  </message>
  <message>
   <source>Use {name}</source>
   <translation>{name} verwenden</translation>
  </message>
  <message>
   <source>Weight of {name}</source>
   <translation>Gewicht von {name}</translation>
  </message>
  <message>
   <source>Sets the steps to {steps} and the sampler to {sampler}</source>
   <translation>Setzt die Schritte auf {steps} und den Sampler auf {sampler}</translation>
  </message>
  <message>
   <source>Called in the prompt</source>
   <translation>Im Prompt aufgerufen</translation>
  </message>
  <message>
   <source>It lets the model work in few steps:</source>
   <translation>Damit arbeitet das Modell in wenigen Schritten:</translation>
  </message>
  <message>
   <source>Its words:</source>
   <translation>Ihre Wörter:</translation>
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
   <source>Write {value}</source>
   <translation>{value} schreiben</translation>
  </message>
  <message>
   <source>Switch it off</source>
   <translation>Ausschalten</translation>
  </message>
  <message>
   <source>Switch it on</source>
   <translation>Einschalten</translation>
  </message>
  <message>
   <source>Only for</source>
   <translation>Nur für</translation>
  </message>
  <message>
   <source>“{value}” is in the prompt</source>
   <translation>„{value}“ steht im Prompt</translation>
  </message>
  <message>
   <source>Write “{value}” into the prompt</source>
   <translation>„{value}“ in den Prompt schreiben</translation>
  </message>
  <message>
   <source>Add LoRA…</source>
   <translation>LoRA hinzufügen…</translation>
  </message>
  <message>
   <source>A scene holds at most {max_loras} LoRA files: remove one first</source>
   <translation>Eine Szene fasst höchstens {max_loras} LoRA-Dateien: erst eine entfernen</translation>
  </message>
  <message>
   <source>A small file that teaches the model a style, a person or a thing. Drop one here, or choose one</source>
   <translation>Eine kleine Datei, die dem Modell einen Stil, eine Person oder ein Ding beibringt. Hierher ziehen oder eine wählen</translation>
  </message>
  <message>
   <source>Add a LoRA</source>
   <translation>LoRA hinzufügen</translation>
  </message>
  <message>
   <source>Part of its name, or of its words</source>
   <translation>Ein Teil ihres Namens oder ihrer Wörter</translation>
  </message>
  <message>
   <source>Search LoRA files</source>
   <translation>LoRA-Dateien suchen</translation>
  </message>
  <message>
   <source>LoRA files</source>
   <translation>LoRA-Dateien</translation>
  </message>
  <message>
   <source>Open File…</source>
   <translation>Datei öffnen…</translation>
  </message>
  <message>
   <source>Add</source>
   <translation>Hinzufügen</translation>
  </message>
  <message>
   <source>Looking into the folders of LoRA files…</source>
   <translation>Die Ordner mit LoRA-Dateien werden durchgesehen…</translation>
  </message>
  <message>
   <source>None of them has this in its name.</source>
   <translation>Keine davon hat das im Namen.</translation>
  </message>
  <message>
   <source>No LoRA files were found. Open one from anywhere, or add the folder of ComfyUI, Forge or A1111 to the models.</source>
   <translation>Keine LoRA-Dateien gefunden. Öffne eine von irgendwo, oder füge den Ordner von ComfyUI, Forge oder A1111 bei den Modellen hinzu.</translation>
  </message>
  <message>
   <source>Its word is gone, so it does nothing. Choose another, or the whole picture.</source>
   <translation>Ihr Wort ist weg, deshalb wirkt sie nicht. Wähle ein anderes oder das ganze Bild.</translation>
  </message>
  <message>
   <source>Paint “{phrase}” on the canvas: it acts there alone.</source>
   <translation>Male „{phrase}“ auf die Leinwand: nur dort wirkt sie.</translation>
  </message>
  <message>
   <source>{called} takes no LoRA files.</source>
   <translation>{called} nimmt keine LoRA-Dateien.</translation>
  </message>
  <message>
   <source>It was made for {made_for} and does not fit {model}.</source>
   <translation>Sie wurde für {made_for} gemacht und passt nicht zu: {model}.</translation>
  </message>
  <message>
   <source>The same scene and seed ({seed}), read in three ways</source>
   <translation>Dieselbe Szene mit demselben Seed ({seed}), auf drei Arten gelesen</translation>
  </message>
  <message>
   <source>CLIP alone</source>
   <translation>Nur CLIP</translation>
  </message>
  <message>
   <source>T5 alone</source>
   <translation>Nur T5</translation>
  </message>
  <message>
   <source>Both</source>
   <translation>Beide</translation>
  </message>
  <message>
   <source>Results side by side</source>
   <translation>Ergebnisse nebeneinander</translation>
  </message>
  <message>
   <source>Use {title}</source>
   <translation>{title} verwenden</translation>
  </message>
  <message>
   <source>Comparison</source>
   <translation>Vergleich</translation>
  </message>
  <message>
   <source>Close the comparison (Esc)</source>
   <translation>Den Vergleich schließen (Esc)</translation>
  </message>
  <message>
   <source>Use this</source>
   <translation>Dieses verwenden</translation>
  </message>
  <message>
   <source>preview only</source>
   <translation>nur Vorschau</translation>
  </message>
  <message>
   <source>This picture</source>
   <translation>Dieses Bild</translation>
  </message>
  <message>
   <source>same scene as yours</source>
   <translation>dieselbe Szene wie deine</translation>
  </message>
  <message>
   <source>no scene in this file</source>
   <translation>keine Szene in dieser Datei</translation>
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
   <source>The white line shows what would be kept; the dashed line is the present paint.</source>
   <translation>Die weiße Linie zeigt, was übernommen würde; die gestrichelte ist die jetzige Bemalung.</translation>
  </message>
  <message>
   <source>“{phrase}” is painted where it was. Change its paint, or generate again.</source>
   <translation>„{phrase}“ ist dort gemalt, wo es war. Ändere die Bemalung oder erzeuge noch einmal.</translation>
  </message>
  <message>
   <source>There is no picture yet. Generate one to see where its words went.</source>
   <translation>Es gibt noch kein Bild. Erzeuge eines, um zu sehen, wo seine Wörter gelandet sind.</translation>
  </message>
  <message>
   <source>First point at a word in the prompt, or pick one.</source>
   <translation>Zeige erst auf ein Wort im Prompt, oder wähle eines.</translation>
  </message>
  <message>
   <source>“{}” was not in the prompt of this picture.</source>
   <translation>„{}“ stand nicht im Prompt dieses Bildes.</translation>
  </message>
  <message>
   <source>Where “{}” went was not measured. Generate again to see it.</source>
   <translation>Wo „{}“ gelandet ist, wurde nicht gemessen. Erzeuge noch einmal, um es zu sehen.</translation>
  </message>
  <message>
   <source>is spread over the whole picture</source>
   <translation>verteilt sich über das ganze Bild</translation>
  </message>
  <message>
   <source> so far</source>
   <translation> bisher</translation>
  </message>
  <message>
   <source>goes here</source>
   <translation>landet hier</translation>
  </message>
  <message>
   <source>went here</source>
   <translation>ist hier gelandet</translation>
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
   <source>Strength of “{phrase}”: {strength}</source>
   <translation>Stärke von „{phrase}“: {strength}</translation>
  </message>
  <message>
   <source>“{phrase}” has strength {strength}: it acts where the word is painted.</source>
   <translation>„{phrase}“ hat die Stärke {strength}: es wirkt, wo das Wort gemalt ist.</translation>
  </message>
  <message>
   <source>Put the cursor on a word to change its strength.</source>
   <translation>Setze die Schreibmarke auf ein Wort, um seine Stärke zu ändern.</translation>
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
   <source>{why} What you wrote is kept for a model that reads it.</source>
   <translation>{why} Was du geschrieben hast, bleibt für ein Modell erhalten, das es liest.</translation>
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
   <source>Paint “{value}”</source>
   <translation>„{value}“ malen</translation>
  </message>
  <message>
   <source>Keep It Where It Is</source>
   <translation>Dort behalten, wo es ist</translation>
  </message>
  <message>
   <source>Close this hint</source>
   <translation>Diesen Hinweis schließen</translation>
  </message>
  <message>
   <source>{whole} It paints: {value}</source>
   <translation>{whole} Es malt: {value}</translation>
  </message>
  <message>
   <source>{style}It paints: {value}.</source>
   <translation>{style}Es malt: {value}.</translation>
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
   <source>Click: look at it (your scene does not change)
Double-click or Enter: open its scene (undo brings yours back)</source>
   <translation>Klick: ansehen (deine Szene ändert sich nicht)
Doppelklick oder Eingabe: seine Szene öffnen (Rückgängig holt deine zurück)</translation>
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
   <source>Keep as a Layer</source>
   <translation>Als Ebene behalten</translation>
  </message>
  <message>
   <source>Show in Folder</source>
   <translation>Im Ordner zeigen</translation>
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
   <source>What is made anew</source>
   <translation>Was neu gemacht wird</translation>
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
   <source>Again</source>
   <translation>Noch einmal</translation>
  </message>
  <message>
   <source>What the Model Sees Around It</source>
   <translation>Was das Modell ringsum sieht</translation>
  </message>
  <message>
   <source>Repaint</source>
   <translation>Neu malen</translation>
  </message>
  <message>
   <source>Refine…</source>
   <translation>Verfeinern…</translation>
  </message>
  <message>
   <source>Extend…</source>
   <translation>Erweitern…</translation>
  </message>
  <message>
   <source>What the model sees around it, and this bar</source>
   <translation>Was das Modell ringsum sieht, und diese Leiste</translation>
  </message>
  <message>
   <source>The whole picture</source>
   <translation>Das ganze Bild</translation>
  </message>
  <message>
   <source>The selection</source>
   <translation>Die Auswahl</translation>
  </message>
  <message>
   <source>What is new</source>
   <translation>Das Neue</translation>
  </message>
  <message>
   <source>Where “{word}” is</source>
   <translation>Wo „{word}“ ist</translation>
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
   <source>It began from a picture of {width} × {height} pixels; give the canvas that size first.</source>
   <translation>Es begann mit einem Bild von {width} × {height} Pixeln; zuerst der Leinwand diese Größe geben.</translation>
  </message>
  <message>
   <source>The picture has {width} × {height} pixels; the result is as large as the canvas: {own_width} × {own_height}.</source>
   <translation>Das Bild hat {width} × {height} Pixel; das Ergebnis wird so groß wie die Leinwand: {own_width} × {own_height}.</translation>
  </message>
  <message>
   <source>It comes into the results: the scene on the canvas is another one.</source>
   <translation>Es kommt in die Ergebnisse: die Szene auf der Leinwand ist eine andere.</translation>
  </message>
  <message>
   <source>Make it anew; all else stays as it is, to the bit</source>
   <translation>Es neu machen; alles andere bleibt bis aufs Bit, wie es ist</translation>
  </message>
  <message>
   <source>It began from noise: open its scene, and Generate makes it again.</source>
   <translation>Es begann mit Rauschen: seine Szene öffnen, und Erzeugen macht es noch einmal.</translation>
  </message>
  <message>
   <source>The picture that it began from is not in its file.</source>
   <translation>Das Bild, mit dem es begann, liegt nicht in seiner Datei.</translation>
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
   <source>Vary</source>
   <translation>Abwandeln</translation>
  </message>
  <message>
   <source>Make another picture that begins from this one</source>
   <translation>Ein anderes Bild machen, das mit diesem beginnt</translation>
  </message>
  <message>
   <source>about {minutes} min</source>
   <translation>etwa {minutes} min</translation>
  </message>
  <message>
   <source>at once</source>
   <translation>sofort</translation>
  </message>
  <message>
   <source>{count} tiles</source>
   <translation>{count} Kacheln</translation>
  </message>
  <message>
   <source>about {seconds} s</source>
   <translation>etwa {seconds} s</translation>
  </message>
  <message>
   <source>The canvas to come; the four numbers beside it say the same</source>
   <translation>Die künftige Leinwand; die vier Zahlen daneben sagen dasselbe</translation>
  </message>
  <message>
   <source>Extend the Canvas</source>
   <translation>Leinwand erweitern</translation>
  </message>
  <message>
   <source>Fill what is new to go with the picture</source>
   <translation>Das Neue passend zum Bild füllen</translation>
  </message>
  <message>
   <source>Extend</source>
   <translation>Erweitern</translation>
  </message>
  <message>
   <source>{width} × {height} pixels become {new_width} × {new_height}</source>
   <translation>Aus {width} × {height} Pixeln werden {new_width} × {new_height}</translation>
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
   <source>Refine</source>
   <translation>Verfeinern</translation>
  </message>
  <message>
   <source>How much of its details is made anew: 0 % only makes it larger</source>
   <translation>Wie viel seiner Einzelheiten neu gemacht wird: 0 % vergrößert nur</translation>
  </message>
  <message>
   <source>A filter (Lanczos)</source>
   <translation>einen Filter (Lanczos)</translation>
  </message>
  <message>
   <source>Details</source>
   <translation>Einzelheiten</translation>
  </message>
  <message>
   <source>Made larger by</source>
   <translation>Vergrößert durch</translation>
  </message>
  <message>
   <source>at most {side} a side</source>
   <translation>höchstens {side} je Seite</translation>
  </message>
  <message>
   <source>An upscaling network</source>
   <translation>Ein Netz zum Vergrößern</translation>
  </message>
  <message>
   <source>Upscaling networks (*.safetensors)</source>
   <translation>Netze zum Vergrößern (*.safetensors)</translation>
  </message>
  <message>
   <source>{count} times as large</source>
   <translation>{count}-mal so groß</translation>
  </message>
  <message>
   <source>A network of yours…</source>
   <translation>ein eigenes Netz…</translation>
  </message>
  <message>
   <source>Upscaling networks such as ESRGAN need one more package: pip install "wordbrush[upscale]".</source>
   <translation>Netze zum Vergrößern wie ESRGAN brauchen ein weiteres Paket: pip install "wordbrush[upscale]".</translation>
  </message>
  <message>
   <source>Make this picture with CLIP alone, with T5 alone and with both, and see them side by side</source>
   <translation>Dieses Bild mit CLIP allein, mit T5 allein und mit beiden machen und nebeneinander sehen</translation>
  </message>
  <message>
   <source>Compare</source>
   <translation>Vergleichen</translation>
  </message>
  <message>
   <source>Weight of {value}</source>
   <translation>Gewicht von {value}</translation>
  </message>
  <message>
   <source>{value}. Below 1, the other one counts for more.</source>
   <translation>{value}. Unter 1 zählt der andere mehr.</translation>
  </message>
  <message>
   <source>{subject} reads the prompt with {value} alone.{blend}</source>
   <translation>{subject} liest den Prompt nur mit {value}.{blend}</translation>
  </message>
  <message>
   <source>One encoder must stay on: switch the other one on first</source>
   <translation>Ein Encoder muss an bleiben: erst den anderen einschalten</translation>
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
   <source>How many of the first steps pull the picture towards its paint; each takes as long as three</source>
   <translation>Wie viele der ersten Schritte das Bild zu seiner Bemalung ziehen; jeder dauert so lange wie drei</translation>
  </message>
  <message>
   <source>by hand</source>
   <translation>von Hand</translation>
  </message>
  <message>
   <source>first step pulled to the paint</source>
   <translation>erster Schritt zur Bemalung gezogen</translation>
  </message>
  <message>
   <source>Paint guides the picture; nothing is forced.</source>
   <translation>Die Bemalung leitet das Bild; nichts wird erzwungen.</translation>
  </message>
  <message>
   <source>words kept out of the rest ({share})</source>
   <translation>Wörter vom Rest ferngehalten ({share})</translation>
  </message>
  <message>
   <source>areas kept apart ({share})</source>
   <translation>Flächen auseinandergehalten ({share})</translation>
  </message>
  <message>
   <source>first {steps} steps pulled to the paint</source>
   <translation>die ersten {steps} Schritte zur Bemalung gezogen</translation>
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
   <source>{value} Sizes are multiples of {multiple}.</source>
   <translation>{value} Größen sind Vielfache von {multiple}.</translation>
  </message>
  <message>
   <source>{name} of the picture in pixels</source>
   <translation>{name} des Bildes in Bildpunkten</translation>
  </message>
  <message>
   <source>{width} × {height} is {times} times the {own_width} × {own_height} pixels that {model} was trained on. Things will repeat, and it takes far longer.</source>
   <translation>{width} × {height} ist {times}-mal so groß wie {own_width} × {own_height} Pixel, worauf trainiert wurde: {model}. Dinge werden sich wiederholen, und es dauert viel länger.</translation>
  </message>
  <message>
   <source>model's own</source>
   <translation>vom Modell</translation>
  </message>
  <message>
   <source>Resize Canvas</source>
   <translation>Leinwandgröße ändern</translation>
  </message>
  <message>
   <source>Resize</source>
   <translation>Größe ändern</translation>
  </message>
  <message>
   <source>The {name} stays in place</source>
   <translation>{name} bleibt an seinem Platz</translation>
  </message>
  <message>
   <source>Choose a Style Picture</source>
   <translation>Stilbild wählen</translation>
  </message>
  <message>
   <source>Pictures (*.png *.jpg *.jpeg *.webp *.bmp *.gif *.tif *.tiff)</source>
   <translation>Bilder (*.png *.jpg *.jpeg *.webp *.bmp *.gif *.tif *.tiff)</translation>
  </message>
  <message>
   <source>{called} cannot use style pictures, so {names} had no effect.</source>
   <translation>{called} kann keine Stilbilder verwenden, deshalb wirkten {names} nicht.</translation>
  </message>
  <message>
   <source>The see-through parts of “{name}” were laid on white.</source>
   <translation>Die durchsichtigen Teile von „{name}“ wurden auf Weiß gelegt.</translation>
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
   <source>A scene holds at most {max_styles} styles: remove one first</source>
   <translation>Eine Szene fasst höchstens {max_styles} Stile: erst einen entfernen</translation>
  </message>
  <message>
   <source>Take the look of “{stem}”</source>
   <translation>Das Aussehen von „{stem}“ übernehmen</translation>
  </message>
  <message>
   <source>Style pictures to start with</source>
   <translation>Stilbilder für den Anfang</translation>
  </message>
  <message>
   <source>or use one of these:</source>
   <translation>oder nimm eines von diesen:</translation>
  </message>
  <message>
   <source>Show or hide this style's paint</source>
   <translation>Die Bemalung dieses Stils zeigen oder verbergen</translation>
  </message>
  <message>
   <source>Remove this style's paint</source>
   <translation>Die Bemalung dieses Stils entfernen</translation>
  </message>
  <message>
   <source>Remove this style</source>
   <translation>Diesen Stil entfernen</translation>
  </message>
  <message>
   <source>On: the style acts where you paint it. Off: everywhere</source>
   <translation>An: der Stil wirkt, wo du ihn malst. Aus: überall</translation>
  </message>
  <message>
   <source>How much of its look is taken: 1 is normal, 0 is none</source>
   <translation>Wie viel von seinem Aussehen übernommen wird: 1 ist normal, 0 ist nichts</translation>
  </message>
  <message>
   <source>What is taken from the picture: more of its look, such as strokes and grain, or more of its content</source>
   <translation>Was vom Bild übernommen wird: mehr von seinem Aussehen, etwa Striche und Körnung, oder mehr von seinem Inhalt</translation>
  </message>
  <message>
   <source>Style {name}</source>
   <translation>Stil {name}</translation>
  </message>
  <message>
   <source>Choose Another Picture…</source>
   <translation>Anderes Bild wählen…</translation>
  </message>
  <message>
   <source>Paint where this style should act.</source>
   <translation>Male, wo dieser Stil wirken soll.</translation>
  </message>
  <message>
   <source>{name}
Its look is taken, not its layout</source>
   <translation>{name}
Das Aussehen wird übernommen, nicht die Anordnung</translation>
  </message>
  <message>
   <source>It cannot be read.</source>
   <translation>Es kann nicht gelesen werden.</translation>
  </message>
  <message>
   <source>It uses another kind of latents than {name}.</source>
   <translation>Es verwendet eine andere Art von Latents als {name}.</translation>
  </message>
  <message>
   <source>{name} has no expert “{part}”.</source>
   <translation>{name} hat keinen Experten „{part}“.</translation>
  </message>
  <message>
   <source>Add an expert</source>
   <translation>Einen Experten hinzufügen</translation>
  </message>
  <message>
   <source>Noise</source>
   <translation>Rauschen</translation>
  </message>
  <message>
   <source>&amp;Split Here</source>
   <translation>Hier &amp;teilen</translation>
  </message>
  <message>
   <source>Re&amp;move</source>
   <translation>&amp;Entfernen</translation>
  </message>
  <message>
   <source>How closely this expert follows the prompt; the scene's guidance unless set here</source>
   <translation>Wie eng dieser Experte dem Prompt folgt; die Prompttreue der Szene, solange hier keine steht</translation>
  </message>
  <message>
   <source>Re&amp;place With</source>
   <translation>E&amp;rsetzen durch</translation>
  </message>
  <message>
   <source>&amp;Reset to the Model's Own</source>
   <translation>&amp;Zurück zu denen des Modells</translation>
  </message>
  <message>
   <source>&amp;Base Alone</source>
   <translation>Nur die &amp;Basis</translation>
  </message>
  <message>
   <source>guidance {value}</source>
   <translation>Prompttreue {value}</translation>
  </message>
  <message>
   <source>no step</source>
   <translation>kein Schritt</translation>
  </message>
  <message>
   <source>1 step</source>
   <translation>1 Schritt</translation>
  </message>
  <message>
   <source>{count} steps</source>
   <translation>{count} Schritte</translation>
  </message>
  <message>
   <source>Noise timeline</source>
   <translation>Rausch-Zeitleiste</translation>
  </message>
  <message>
   <source>σ {sigma} ({percent} % noise)</source>
   <translation>σ {sigma} ({percent} % Rauschen)</translation>
  </message>
  <message>
   <source>from {level} to {end}</source>
   <translation>von {level} bis {end}</translation>
  </message>
  <message>
   <source>{level}: {name} works before, {name2} after.
Drag it, or use the arrow keys.</source>
   <translation>{level}: davor arbeitet {name}, danach {name2}.
Ziehen, oder die Pfeiltasten nehmen.</translation>
  </message>
  <message>
   <source>the end</source>
   <translation>zum Ende</translation>
  </message>
  <message>
   <source>step {first}</source>
   <translation>Schritt {first}</translation>
  </message>
  <message>
   <source>steps {first} to {last}</source>
   <translation>Schritte {first} bis {last}</translation>
  </message>
  <message>
   <source>{name} works {between}.</source>
   <translation>{name} arbeitet {between}.</translation>
  </message>
  <message>
   <source>at every noise</source>
   <translation>bei jedem Rauschen</translation>
  </message>
  <message>
   <source>from pure noise to {level}</source>
   <translation>von reinem Rauschen bis {level}</translation>
  </message>
  <message>
   <source>It has {steps}.</source>
   <translation>Dazu gehört: {steps}.</translation>
  </message>
  <message>
   <source>Its guidance is {guidance}.</source>
   <translation>Seine Prompttreue ist {guidance}.</translation>
  </message>
  <message>
   <source>It cannot: {lower}{value} Replace or remove it.</source>
   <translation>Er kann nicht arbeiten: {lower}{value} Ersetzen oder entfernen.</translation>
  </message>
  <message>
   <source>Right-click or Enter: split, replace, guidance. Double-click splits.</source>
   <translation>Rechtsklick oder Eingabe: teilen, ersetzen, Prompttreue. Doppelklick teilt.</translation>
  </message>
  <message>
   <source>Hardness</source>
   <translation>Härte</translation>
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
   <source>Flow</source>
   <translation>Fluss</translation>
  </message>
  <message>
   <source>How much each dab adds: below 100 % paint builds up where a stroke goes over itself</source>
   <translation>Wie viel jeder Tupfer aufträgt: unter 100 % sammelt sich Farbe, wo ein Strich über sich selbst geht</translation>
  </message>
  <message>
   <source>Smoothing</source>
   <translation>Glättung</translation>
  </message>
  <message>
   <source>How long the string is by which the pointer pulls the brush: longer lines are calmer</source>
   <translation>Wie lang die Schnur ist, an der der Zeiger den Pinsel zieht: je länger, desto ruhiger die Linien</translation>
  </message>
  <message>
   <source>Brush “{name}”.</source>
   <translation>Pinsel „{name}“.</translation>
  </message>
  <message>
   <source>Save This Brush</source>
   <translation>Diesen Pinsel speichern</translation>
  </message>
  <message>
   <source>Name:</source>
   <translation>Name:</translation>
  </message>
  <message>
   <source>“{name}” is saved.{key}</source>
   <translation>„{name}“ ist gespeichert.{key}</translation>
  </message>
  <message>
   <source>There are {most_brushes} saved brushes already: remove one first.</source>
   <translation>Es gibt schon {most_brushes} gespeicherte Pinsel: erst einen entfernen.</translation>
  </message>
  <message>
   <source>The model places words in {columns} × {rows} cells where it is coarsest.</source>
   <translation>Wo es am gröbsten ist, ordnet das Modell Wörter in {columns} × {rows} Zellen an.</translation>
  </message>
  <message>
   <source>Overlaps {overlaps} · no word {bare}</source>
   <translation>Überlappungen {overlaps} · kein Wort {bare}</translation>
  </message>
  <message>
   <source>Curve of the pen's pressure</source>
   <translation>Kurve des Stiftdrucks</translation>
  </message>
  <message>
   <source>Pad to try the pen on</source>
   <translation>Fläche zum Ausprobieren des Stifts</translation>
  </message>
  <message>
   <source>Pen Pressure Curve</source>
   <translation>Kurve des Stiftdrucks</translation>
  </message>
  <message>
   <source>Softness</source>
   <translation>Weichheit</translation>
  </message>
  <message>
   <source>Above 0 a light hand suffices, below 0 the pen must be pressed harder</source>
   <translation>Über 0 genügt eine leichte Hand, unter 0 muss der Stift fester gedrückt werden</translation>
  </message>
  <message>
   <source>Least</source>
   <translation>Mindestens</translation>
  </message>
  <message>
   <source>What the lightest touch counts as</source>
   <translation>Als wie viel die leichteste Berührung zählt</translation>
  </message>
  <message>
   <source>Draw on the right with the pen, lightly and hard.</source>
   <translation>Zeichne rechts mit dem Stift, leicht und fest.</translation>
  </message>
  <message>
   <source>Reference picture</source>
   <translation>Referenzbild</translation>
  </message>
  <message>
   <source>Reference picture: {name}</source>
   <translation>Referenzbild: {name}</translation>
  </message>
  <message>
   <source>Drop a picture here, or click to open one.
It is only to look at.</source>
   <translation>Ein Bild hierher ziehen, oder klicken, um eines zu öffnen.
Es ist nur zum Ansehen.</translation>
  </message>
  <message>
   <source>Pixels:</source>
   <translation>Pixel:</translation>
  </message>
  <message>
   <source>Choose a word that has paint: its paint becomes the selection.</source>
   <translation>Wähle ein bemaltes Wort: seine Bemalung wird zur Auswahl.</translation>
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
   <source>The first of the steps in which this word's paint is active
{tip}</source>
   <translation>Der erste der Schritte, in denen die Bemalung dieses Wortes wirkt
{tip}</translation>
  </message>
  <message>
   <source>The last of the steps in which this word's paint is active
{tip}</source>
   <translation>Der letzte der Schritte, in denen die Bemalung dieses Wortes wirkt
{tip}</translation>
  </message>
  <message>
   <source>Early steps decide the layout, late steps the detail.</source>
   <translation>Frühe Schritte bestimmen die Anordnung, späte die Einzelheiten.</translation>
  </message>
  <message>
   <source>Type {label}</source>
   <translation>{label} eingeben</translation>
  </message>
  <message>
   <source>Drag, or click the number to type. Double-click resets.</source>
   <translation>Ziehen, oder die Zahl anklicken und eingeben. Doppelklick setzt zurück.</translation>
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
   <source>Begin from it: it becomes a layer under your words. Or take its colours, or its look alone as a style.</source>
   <translation>Davon ausgehen: Es wird eine Ebene unter den Wörtern. Oder nur seine Farben oder sein Aussehen als Stil nehmen.</translation>
  </message>
  <message>
   <source>Begin from it</source>
   <translation>Davon ausgehen</translation>
  </message>
  <message>
   <source>As colour layer</source>
   <translation>Als Farbebene</translation>
  </message>
  <message>
   <source>Use as style</source>
   <translation>Als Stil verwenden</translation>
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
   <source>Of “{name}”: {why}</source>
   <translation>Bei „{name}“: {why}</translation>
  </message>
  <message>
   <source>The model “{name}” cannot be used.</source>
   <translation>Das Modell „{name}“ ist nicht verwendbar.</translation>
  </message>
  <message>
   <source>{count} models cannot be used: {names}.</source>
   <translation>{count} Modelle sind nicht verwendbar: {names}.</translation>
  </message>
  <message>
   <source>Painting Help</source>
   <translation>Hilfe zum Malen</translation>
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
   <source>Keys of {value}</source>
   <translation>Tasten von {value}</translation>
  </message>
  <message>
   <source>Reset to the default</source>
   <translation>Auf den Standard zurücksetzen</translation>
  </message>
  <message>
   <source>{value} belongs to “{value2}”. Remove it there first.</source>
   <translation>{value} gehört zu „{value2}“. Erst dort entfernen.</translation>
  </message>
  <message>
   <source>The default belongs to “{value}” now.</source>
   <translation>Die Vorgabe gehört jetzt zu „{value}“.</translation>
  </message>
  <message>
   <source>paint, or press {keys} on the canvas,</source>
   <translation>male, oder drücke {keys} auf der Leinwand,</translation>
  </message>
  <message>
   <source>Paint hidden: {how} to show it</source>
   <translation>Bemalung verborgen: {how}, um sie zu zeigen</translation>
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
   <source>Right-click picks the word under the pointer; Shift-click draws a line. F1 tells more.</source>
   <translation>Rechtsklick nimmt das Wort unter dem Zeiger; Umschalt-Klick zieht eine Linie. F1 sagt mehr.</translation>
  </message>
  <message>
   <source>The log is on the clipboard.</source>
   <translation>Das Protokoll ist in der Zwischenablage.</translation>
  </message>
  <message>
   <source>Nothing can be saved in {names}.</source>
   <translation>In {names} kann nichts gespeichert werden.</translation>
  </message>
  <message>
   <source>Make sure that you can write there, then start Wordbrush again. Until then save scenes (Ctrl+S) and export pictures (Ctrl+E) to another folder.</source>
   <translation>Sorge dafür, dass du dort schreiben darfst, und starte Wordbrush neu. Bis dahin Szenen (Strg+S) und Bilder (Strg+E) in einem anderen Ordner ablegen.</translation>
  </message>
  <message>
   <source>View at {angle}°{mirrored}. {keys} sets it upright.</source>
   <translation>Ansicht bei {angle}°{mirrored}. {keys} stellt sie gerade.</translation>
  </message>
  <message>
   <source>New scene</source>
   <translation>Neue Szene</translation>
  </message>
  <message>
   <source>Try again</source>
   <translation>Noch einmal versuchen</translation>
  </message>
  <message>
   <source>{keys} brings the rest of the window back.</source>
   <translation>{keys} holt den Rest des Fensters zurück.</translation>
  </message>
  <message>
   <source>No word is known to be weak.</source>
   <translation>Von keinem Wort ist bekannt, dass es schwach ist.</translation>
  </message>
  <message>
   <source>{limit} Turn up the paint fidelity, or give the word more room.{told}</source>
   <translation>{limit} Erhöhe die Maltreue oder gib dem Wort mehr Platz.{told}</translation>
  </message>
  <message>
   <source>This picture was not measured: paint a word and generate first.</source>
   <translation>Dieses Bild wurde nicht gemessen: erst ein Wort malen und erzeugen.</translation>
  </message>
  <message>
   <source>The paint or the prompt has changed since this picture: generate first.</source>
   <translation>Bemalung oder Prompt haben sich seit diesem Bild geändert: erst erzeugen.</translation>
  </message>
  <message>
   <source>{listed}, with the same seed.</source>
   <translation>{listed}, mit demselben Seed.</translation>
  </message>
  <message>
   <source>&amp;Other Colour…</source>
   <translation>&amp;Andere Farbe…</translation>
  </message>
  <message>
   <source>Colour of the Paint</source>
   <translation>Farbe der Bemalung</translation>
  </message>
  <message>
   <source>Colour {color}</source>
   <translation>Farbe {color}</translation>
  </message>
  <message>
   <source>{gone} Attach the paint to other text, or remove it.</source>
   <translation>{gone} Hänge die Bemalung an anderen Text, oder entferne sie.</translation>
  </message>
  <message>
   <source>Click a word in the prompt first.</source>
   <translation>Klicke erst ein Wort im Prompt an.</translation>
  </message>
  <message>
   <source>Paint where “{phrase}” should be.</source>
   <translation>Male, wo „{phrase}“ sein soll.</translation>
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
   <source>Remove the {lost} words that are no longer in the prompt, with their paint. Undo brings them back</source>
   <translation>Die {lost} Wörter, die nicht mehr im Prompt stehen, mit ihrer Bemalung entfernen. Rückgängig holt sie zurück</translation>
  </message>
  <message>
   <source>Stronger: {value}</source>
   <translation>Stärker: {value}</translation>
  </message>
  <message>
   <source>{count} words drew little attention</source>
   <translation>{count} Wörter bekamen wenig Aufmerksamkeit</translation>
  </message>
  <message>
   <source>1 word in place</source>
   <translation>1 Wort an seinem Platz</translation>
  </message>
  <message>
   <source>{count} words in place</source>
   <translation>{count} Wörter an ihrem Platz</translation>
  </message>
  <message>
   <source>1 word may be missing</source>
   <translation>1 Wort fehlt vielleicht</translation>
  </message>
  <message>
   <source>{count} words may be missing</source>
   <translation>{count} Wörter fehlen vielleicht</translation>
  </message>
  <message>
   <source>1 word drew little attention</source>
   <translation>1 Wort bekam wenig Aufmerksamkeit</translation>
  </message>
  <message>
   <source>Boost weak words</source>
   <translation>Schwache Wörter stärken</translation>
  </message>
  <message>
   <source>Find a word</source>
   <translation>Ein Wort finden</translation>
  </message>
  <message>
   <source>Find a word in the list</source>
   <translation>Ein Wort in der Liste finden</translation>
  </message>
  <message>
   <source>“{title}” is no longer in the prompt, so its paint is ignored. Attach it to other text or remove it.</source>
   <translation>„{title}“ steht nicht mehr im Prompt, deshalb bleibt seine Bemalung außer Acht. Hänge sie an anderen Text oder entferne sie.</translation>
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
   <source>1 is normal, 0 is off, below 0 keeps the word out of its paint.</source>
   <translation>1 ist normal, 0 ist aus, unter 0 hält das Wort von seiner Bemalung fern.</translation>
  </message>
  <message>
   <source>not in prompt</source>
   <translation>nicht im Prompt</translation>
  </message>
  <message>
   <source>others solo</source>
   <translation>andere solo</translation>
  </message>
  <message>
   <source>no paint</source>
   <translation>unbemalt</translation>
  </message>
  <message>
   <source>Re&amp;paint Where It Is</source>
   <translation>Dort neu &amp;malen</translation>
  </message>
  <message>
   <source>Paint this word where the picture has it</source>
   <translation>Dieses Wort dort malen, wo das Bild es hat</translation>
  </message>
  <message>
   <source>Attach to the marked text</source>
   <translation>Dem markierten Text zuordnen</translation>
  </message>
  <message>
   <source>Give this paint to the text that is marked in the prompt</source>
   <translation>Diese Bemalung dem Text geben, der im Prompt markiert ist</translation>
  </message>
  <message>
   <source>First mark the text in the prompt that should have this paint</source>
   <translation>Markiere erst im Prompt den Text, der diese Bemalung haben soll</translation>
  </message>
  <message>
   <source>Use for “{shown}”</source>
   <translation>Für „{shown}“ nehmen</translation>
  </message>
  <message>
   <source>&amp;Clear Paint</source>
   <translation>Bemalung &amp;entfernen</translation>
  </message>
  <message>
   <source>&amp;Give Paint to</source>
   <translation>Bemalung &amp;geben an</translation>
  </message>
  <message>
   <source>Co&amp;py Paint to</source>
   <translation>Bemalung ko&amp;pieren zu</translation>
  </message>
  <message>
   <source>S&amp;wap Paint With</source>
   <translation>Bemalung &amp;tauschen mit</translation>
  </message>
  <message>
   <source>{title}
Its paint covers {coverage} of the canvas</source>
   <translation>{title}
Seine Bemalung bedeckt {coverage} der Leinwand</translation>
  </message>
  <message>
   <source>Give this paint to “{value}”, which stands in its place in the prompt</source>
   <translation>Diese Bemalung „{value}“ geben, das im Prompt an seiner Stelle steht</translation>
  </message>
  <message>
   <source>&amp;Hide Paint</source>
   <translation>Bemalung &amp;verbergen</translation>
  </message>
  <message>
   <source>&amp;Show Paint</source>
   <translation>Bemalung &amp;zeigen</translation>
  </message>
  <message>
   <source>Un&amp;mute</source>
   <translation>Stummschaltung &amp;aufheben</translation>
  </message>
  <message>
   <source>&amp;Mute</source>
   <translation>St&amp;ummschalten</translation>
  </message>
  <message>
   <source>End S&amp;olo</source>
   <translation>S&amp;olo beenden</translation>
  </message>
  <message>
   <source>S&amp;olo</source>
   <translation>S&amp;olo</translation>
  </message>
  <message>
   <source>S&amp;hare Its Area</source>
   <translation>Fläche &amp;teilen</translation>
  </message>
  <message>
   <source>Keep Its Area to &amp;Itself</source>
   <translation>Fläche für sich &amp;behalten</translation>
  </message>
  <message>
   <source>Un&amp;lock</source>
   <translation>Ent&amp;sperren</translation>
  </message>
  <message>
   <source>&amp;Lock</source>
   <translation>&amp;Sperren</translation>
  </message>
  <message>
   <source>Keeps its area to itself: its paint pushes other words away. Click to share</source>
   <translation>Behält seine Fläche für sich: seine Bemalung verdrängt andere Wörter. Klick, um sie zu teilen</translation>
  </message>
  <message>
   <source>Shares its area with other words. Click to keep the area to itself</source>
   <translation>Teilt seine Fläche mit anderen Wörtern. Klick, um sie für sich zu behalten</translation>
  </message>
  <message>
   <source>Locked: this paint stays as it is. Click to unlock</source>
   <translation>Gesperrt: diese Bemalung bleibt, wie sie ist. Klick zum Entsperren</translation>
  </message>
  <message>
   <source>Lock: let this paint stay as it is</source>
   <translation>Sperren: diese Bemalung bleibt, wie sie ist</translation>
  </message>
  <message>
   <source>Muted: this paint is kept but ignored. Click to use it again</source>
   <translation>Stumm: diese Bemalung bleibt erhalten, wirkt aber nicht. Klick, um sie wieder zu verwenden</translation>
  </message>
  <message>
   <source>Mute: keep this paint, but ignore it in the picture</source>
   <translation>Stummschalten: diese Bemalung behalten, aber im Bild nicht beachten</translation>
  </message>
  <message>
   <source>Only this word acts. Click to let the others act again</source>
   <translation>Nur dieses Wort wirkt. Klick, damit die anderen wieder wirken</translation>
  </message>
  <message>
   <source>Solo: let only this word act</source>
   <translation>Solo: nur dieses Wort wirken lassen</translation>
  </message>
 </context>
</TS>
