<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="de">
<context><name>Window</name>
<message><source>&amp;New</source><translation>&amp;Neu</translation></message>
<message><source>Start an empty scene</source><translation>Eine leere Szene beginnen</translation></message>
<message><source>&amp;Open…</source><translation>Ö&amp;ffnen…</translation></message>
<message><source>Open a scene, or a picture that contains one</source><translation>Eine Szene öffnen oder ein Bild, das eine enthält</translation></message>
<message><source>&amp;Save</source><translation>&amp;Speichern</translation></message>
<message><source>Save the scene</source><translation>Die Szene speichern</translation></message>
<message><source>Save &amp;As…</source><translation>Speichern &amp;unter…</translation></message>
<message><source>Save the scene under another name</source><translation>Die Szene unter einem anderen Namen speichern</translation></message>
<message><source>&amp;Export Picture…</source><translation>Bild &amp;exportieren…</translation></message>
<message><source>Save the picture on the canvas as PNG, WebP or JPEG</source><translation>Das Bild auf der Leinwand als PNG, WebP oder JPEG speichern</translation></message>
<message><source>Export With &amp;Metadata</source><translation>Mit &amp;Metadaten exportieren</translation></message>
<message><source>Keep prompt, paint and seed inside exported pictures</source><translation>Prompt, Bemalung und Seed in exportierten Bildern behalten</translation></message>
<message><source>&amp;Import Colour Map…</source><translation>&amp;Farbkarte importieren…</translation></message>
<message><source>Turn a picture of flat colours into painted words</source><translation>Aus einem Bild mit Farbflächen gemalte Wörter machen</translation></message>
<message><source>Export &amp;Colour Map…</source><translation>Farb&amp;karte exportieren…</translation></message>
<message><source>Save the paint as a picture of flat colours, with a table</source><translation>Die Bemalung als Bild mit Farbflächen speichern, mit einer Tabelle</translation></message>
<message><source>&amp;Recover Unsaved Scenes…</source><translation>Ungespeicherte Szenen &amp;wiederherstellen…</translation></message>
<message><source>See the scenes that a crash left unsaved, and restore them</source><translation>Szenen von Programmen sehen, die nicht ordentlich beendet wurden, und zurückholen</translation></message>
<message><source>&amp;Quit</source><translation>&amp;Beenden</translation></message>
<message><source>Close Wordbrush</source><translation>Wordbrush schließen</translation></message>
<message><source>&amp;Undo</source><translation>&amp;Rückgängig</translation></message>
<message><source>Undo</source><translation>Rückgängig</translation></message>
<message><source>&amp;Redo</source><translation>&amp;Wiederholen</translation></message>
<message><source>Redo</source><translation>Wiederholen</translation></message>
<message><source>Pre&amp;ferences…</source><translation>&amp;Einstellungen…</translation></message>
<message><source>Theme, language, folders, memory and keys on one page, with a search</source><translation>Aussehen, Sprache, Ordner, Speicher und Tasten auf einer Seite, mit Suche</translation></message>
<message><source>&amp;Keyboard Shortcuts…</source><translation>&amp;Tastenkürzel…</translation></message>
<message><source>See and change all keyboard shortcuts</source><translation>Alle Tastenkürzel sehen und ändern</translation></message>
<message><source>&amp;Paint This Phrase</source><translation>Diese Wortgruppe &amp;malen</translation></message>
<message><source>Paint the phrase that is selected in the prompt</source><translation>Die Wortgruppe malen, die im Prompt markiert ist</translation></message>
<message><source>P&amp;alette…</source><translation>P&amp;alette…</translation></message>
<message><source>Choose what to paint from pictures; it joins the prompt and goes on the brush</source><translation>Anhand von Bildern auswählen, was gemalt wird; es kommt in den Prompt und liegt auf dem Pinsel</translation></message>
<message><source>&amp;Next Word</source><translation>&amp;Nächstes Wort</translation></message>
<message><source>Choose the next painted word</source><translation>Das nächste bemalte Wort wählen</translation></message>
<message><source>Pre&amp;vious Word</source><translation>&amp;Voriges Wort</translation></message>
<message><source>Choose the previous painted word</source><translation>Das vorige bemalte Wort wählen</translation></message>
<message><source>&amp;Edit the Prompt</source><translation>Den Prompt b&amp;earbeiten</translation></message>
<message><source>Type in the prompt, after the chosen word</source><translation>Im Prompt hinter dem gewählten Wort schreiben</translation></message>
<message><source>&amp;Fill the Rest</source><translation>Den Rest &amp;füllen</translation></message>
<message><source>Paint the chosen word wherever no other word has paint; Shift-click fills everything</source><translation>Das gewählte Wort überall malen, wo kein anderes Wort ist; mit Umschalt-Klick alles füllen</translation></message>
<message><source>Fill &amp;Everything</source><translation>&amp;Alles füllen</translation></message>
<message><source>Paint the chosen word over the whole canvas, other words included</source><translation>Das gewählte Wort über die ganze Leinwand malen, auch über andere Wörter</translation></message>
<message><source>&amp;Clear</source><translation>&amp;Leeren</translation></message>
<message><source>Remove all paint of the chosen word</source><translation>Die ganze Bemalung des gewählten Wortes entfernen</translation></message>
<message><source>&amp;Remove Word</source><translation>Wort &amp;entfernen</translation></message>
<message><source>Remove the chosen word from the list, with its paint</source><translation>Das gewählte Wort mit seiner Bemalung aus der Liste entfernen</translation></message>
<message><source>Remove Words &amp;Not in the Prompt</source><translation>Wörter entfernen, die &amp;nicht im Prompt stehen</translation></message>
<message><source>Remove all words that are no longer in the prompt, with their paint</source><translation>Alle Wörter, die nicht mehr im Prompt stehen, mit ihrer Bemalung entfernen</translation></message>
<message><source>&amp;Keep It Where It Is</source><translation>Da &amp;behalten, wo es ist</translation></message>
<message><source>Paint the chosen word, or the one whose heatmap is shown, where the picture has it</source><translation>Das gewählte Wort, oder das, dessen Heatmap gezeigt wird, dort malen, wo das Bild es hat</translation></message>
<message><source>F&amp;ind in the Picture…</source><translation>Im B&amp;ild suchen …</translation></message>
<message><source>Find a word in the picture on the canvas, whoever made it, and paint, select or cut it out</source><translation>Ein Wort im Bild auf der Leinwand suchen, woher es auch stammt, und es dort malen, auswählen oder ausschneiden</translation></message>
<message><source>Descri&amp;be the Picture</source><translation>Das Bild besch&amp;reiben</translation></message>
<message><source>Make what the picture shows the prompt, with its words painted where they are</source><translation>Was das Bild zeigt, zum Prompt machen und die Wörter malen, wo sie sind</translation></message>
<message><source>C&amp;ut Out to PNG…</source><translation>Als PNG a&amp;usschneiden…</translation></message>
<message><source>Save the chosen word as a PNG with nothing around it, cut by its heatmap and the picture's edges</source><translation>Das gewählte Wort als PNG speichern, das ringsum durchsichtig ist, nach seiner Heatmap und den Kanten des Bildes</translation></message>
<message><source>Cut Out to a La&amp;yer</source><translation>Als &amp;Ebene ausschneiden</translation></message>
<message><source>Cut the chosen word out of the picture, as a layer that the next picture starts from</source><translation>Das gewählte Wort, aus dem Bild ausgeschnitten, zu einer Ebene machen, von der das nächste Bild ausgeht</translation></message>
<message><source>&amp;Boost Weak Words</source><translation>&amp;Schwache Wörter verstärken</translation></message>
<message><source>Make the words that may be missing stronger, and generate again with the same seed</source><translation>Wörter stärker machen, die fehlen könnten, und mit demselben Seed neu erzeugen</translation></message>
<message><source>&amp;Brush</source><translation>&amp;Pinsel</translation></message>
<message><source>Paint where the chosen word should be</source><translation>Malen, wo das gewählte Wort sein soll</translation></message>
<message><source>&amp;Eraser</source><translation>&amp;Radierer</translation></message>
<message><source>Take paint away</source><translation>Bemalung wegnehmen</translation></message>
<message><source>&amp;Line</source><translation>&amp;Linie</translation></message>
<message><source>Draw a straight line with the brush</source><translation>Mit dem Pinsel eine gerade Linie ziehen</translation></message>
<message><source>&amp;Rectangle</source><translation>&amp;Rechteck</translation></message>
<message><source>Paint a rectangle</source><translation>Ein Rechteck malen</translation></message>
<message><source>&amp;Ellipse</source><translation>&amp;Ellipse</translation></message>
<message><source>Paint an ellipse</source><translation>Eine Ellipse malen</translation></message>
<message><source>L&amp;asso</source><translation>L&amp;asso</translation></message>
<message><source>Paint what you draw around</source><translation>Malen, was du umfährst</translation></message>
<message><source>&amp;Polygon</source><translation>&amp;Vieleck</translation></message>
<message><source>Paint a shape, corner by corner</source><translation>Eine Form Ecke für Ecke malen</translation></message>
<message><source>&amp;Bucket</source><translation>&amp;Farbeimer</translation></message>
<message><source>Fill up to the paint of other words</source><translation>Bis an die Bemalung anderer Wörter füllen</translation></message>
<message><source>&amp;Gradient</source><translation>&amp;Verlauf</translation></message>
<message><source>Let a word's paint fade out</source><translation>Die Bemalung eines Wortes auslaufen lassen</translation></message>
<message><source>Rou&amp;nd Gradient</source><translation>R&amp;under Verlauf</translation></message>
<message><source>Let a word's paint fade out from a point on all sides</source><translation>Die Farbe eines Wortes von einem Punkt aus nach allen Seiten auslaufen lassen</translation></message>
<message><source>&amp;Move</source><translation>Verschie&amp;ben</translation></message>
<message><source>Move the chosen word's paint, or the selected part of it</source><translation>Die Bemalung des gewählten Wortes verschieben, oder was davon ausgewählt ist</translation></message>
<message><source>&amp;Transform</source><translation>&amp;Transformieren</translation></message>
<message><source>Scale, turn, mirror and move the chosen word's paint, or the selected part of it</source><translation>Die Bemalung des gewählten Wortes, oder was davon ausgewählt ist, skalieren, drehen, spiegeln und verschieben</translation></message>
<message><source>Word Pic&amp;ker</source><translation>Wort a&amp;ufnehmen</translation></message>
<message><source>Pick a word from the canvas</source><translation>Ein Wort von der Leinwand aufnehmen</translation></message>
<message><source>Eye&amp;dropper</source><translation>Farb&amp;pipette</translation></message>
<message><source>Take a colour from the painted colours or from the picture</source><translation>Eine Farbe aus den gemalten Farben oder aus dem Bild nehmen</translation></message>
<message><source>Paint &amp;Colours</source><translation>&amp;Farben malen</translation></message>
<message><source>Paint colours under the words for the picture to start from</source><translation>Unter den Wörtern Farben malen, von denen das Bild ausgeht</translation></message>
<message><source>C&amp;hoose a Colour…</source><translation>Fa&amp;rbe wählen…</translation></message>
<message><source>Choose the colour to paint with</source><translation>Die Farbe wählen, mit der gemalt wird</translation></message>
<message><source>S&amp;wap the Two Colours</source><translation>Die &amp;beiden Farben tauschen</translation></message>
<message><source>Paint with the other colour</source><translation>Mit der anderen der beiden Farben malen</translation></message>
<message><source>&amp;Take the Picture's Colours</source><translation>Farben des Bildes &amp;übernehmen</translation></message>
<message><source>Turn the picture on the canvas, or the selected part of it, into colours to start from</source><translation>Das Bild auf der Leinwand, oder das davon Ausgewählte, wird zu den Farben, von denen ausgegangen wird</translation></message>
<message><source>&amp;Keep the Picture as a Layer</source><translation>Bild als Ebene be&amp;halten</translation></message>
<message><source>Turn the picture on the canvas, or the selected part of it, into a layer to start from</source><translation>Das Bild auf der Leinwand, oder was davon ausgewählt ist, zu einer Ebene machen, von der das nächste Bild ausgeht</translation></message>
<message><source>Clear the C&amp;olours</source><translation>Farben &amp;löschen</translation></message>
<message><source>Remove the painted colours, or the selected part of them</source><translation>Die gemalten Farben, oder das davon Ausgewählte, entfernen</translation></message>
<message><source>Select a &amp;Rectangle</source><translation>Ein &amp;Rechteck auswählen</translation></message>
<message><source>Select a rectangle</source><translation>Ein Rechteck auswählen</translation></message>
<message><source>Select an &amp;Ellipse</source><translation>Eine &amp;Ellipse auswählen</translation></message>
<message><source>Select an ellipse</source><translation>Eine Ellipse auswählen</translation></message>
<message><source>Select With a &amp;Lasso</source><translation>Mit dem &amp;Lasso auswählen</translation></message>
<message><source>Select what you draw around</source><translation>Auswählen, was du umfährst</translation></message>
<message><source>Select a &amp;Polygon</source><translation>Ein &amp;Vieleck auswählen</translation></message>
<message><source>Select a shape, corner by corner</source><translation>Eine Form Ecke für Ecke auswählen</translation></message>
<message><source>Select &amp;Everything</source><translation>&amp;Alles auswählen</translation></message>
<message><source>End the selection: tools work everywhere</source><translation>Die Auswahl beenden: Werkzeuge wirken überall</translation></message>
<message><source>&amp;Invert</source><translation>&amp;Umkehren</translation></message>
<message><source>Select what is not selected</source><translation>Auswählen, was nicht ausgewählt ist</translation></message>
<message><source>From the &amp;Word's Paint</source><translation>Aus der Bemalung des &amp;Wortes</translation></message>
<message><source>Select where the chosen word is painted</source><translation>Auswählen, wo das gewählte Wort gemalt ist</translation></message>
<message><source>From the &amp;Heatmap</source><translation>Aus der &amp;Heatmap</translation></message>
<message><source>Select where the chosen word went in the picture</source><translation>Auswählen, wo das gewählte Wort im Bild gelandet ist</translation></message>
<message><source>A W&amp;ord in the Picture…</source><translation>Ein W&amp;ort im Bild …</translation></message>
<message><source>Find a word in the picture and select it</source><translation>Ein Wort im Bild suchen und auswählen</translation></message>
<message><source>&amp;Grow…</source><translation>&amp;Vergrößern…</translation></message>
<message><source>Move the edge of the selection outwards</source><translation>Den Rand der Auswahl nach außen schieben</translation></message>
<message><source>&amp;Shrink…</source><translation>Ver&amp;kleinern…</translation></message>
<message><source>Move the edge of the selection inwards</source><translation>Den Rand der Auswahl nach innen schieben</translation></message>
<message><source>&amp;Feather…</source><translation>&amp;Weicher Rand…</translation></message>
<message><source>Make the edge of the selection soft</source><translation>Den Rand der Auswahl weich machen</translation></message>
<message><source>Move &amp;Up in the List</source><translation>In der Liste nach &amp;oben</translation></message>
<message><source>Put the chosen word before the one above it: its paint lies below</source><translation>Das gewählte Wort vor das darüber setzen: seine Farbe liegt darunter</translation></message>
<message><source>Move &amp;Down in the List</source><translation>In der Liste nach &amp;unten</translation></message>
<message><source>Put the chosen word after the one below it: its paint lies on top</source><translation>Das gewählte Wort nach dem darunter einordnen: seine Farbe liegt obenauf</translation></message>
<message><source>&amp;Add</source><translation>&amp;Addieren</translation></message>
<message><source>Where words overlap, all of them act in full</source><translation>Wo Wörter sich überlappen, wirken alle voll</translation></message>
<message><source>&amp;Top Wins</source><translation>&amp;Oberes gewinnt</translation></message>
<message><source>Where words overlap, only the one on top (lower in the list) acts</source><translation>Wo Wörter sich überlappen, gehört der Platz dem obersten (weiter unten in der Liste)</translation></message>
<message><source>&amp;Share</source><translation>&amp;Teilen</translation></message>
<message><source>Where words overlap, they act together with the strength of one</source><translation>Wo Wörter sich überlappen, wirken sie zusammen so stark wie eines</translation></message>
<message><source>Fin&amp;d in the List</source><translation>In der Liste &amp;suchen</translation></message>
<message><source>Find a word in the list of words</source><translation>Ein Wort in der Wortliste suchen</translation></message>
<message><source>Teac&amp;h a Word…</source><translation>Ein Wort &amp;beibringen…</translation></message>
<message><source>Teach the model a new word from pictures of yours, while you paint on</source><translation>Dem Modell aus eigenen Bildern ein neues Wort beibringen, während Sie weiter malen</translation></message>
<message><source>Mirror Lef&amp;t to Right</source><translation>Seiten&amp;verkehrt spiegeln</translation></message>
<message><source>Mirror the chosen word's paint</source><translation>Die Bemalung des gewählten Wortes spiegeln</translation></message>
<message><source>Mirror &amp;Upside Down</source><translation>Auf den &amp;Kopf stellen</translation></message>
<message><source>Turn the chosen word's paint upside down</source><translation>Die Bemalung des gewählten Wortes auf den Kopf stellen</translation></message>
<message><source>&amp;Smaller Brush</source><translation>&amp;Kleinerer Pinsel</translation></message>
<message><source>Make the brush smaller</source><translation>Den Pinsel kleiner machen</translation></message>
<message><source>&amp;Larger Brush</source><translation>&amp;Größerer Pinsel</translation></message>
<message><source>Make the brush larger</source><translation>Den Pinsel größer machen</translation></message>
<message><source>Pen Pressure Changes Si&amp;ze</source><translation>Stiftdruck ändert die &amp;Größe</translation></message>
<message><source>The harder the pen presses, the wider the brush</source><translation>Je fester der Stift drückt, desto breiter der Pinsel</translation></message>
<message><source>Pen Pressure Changes Op&amp;acity</source><translation>Stiftdruck ändert die &amp;Deckkraft</translation></message>
<message><source>The harder the pen presses, the more paint it leaves</source><translation>Je fester der Stift drückt, desto mehr trägt er auf</translation></message>
<message><source>Mirror Strokes &amp;Left to Right</source><translation>Striche &amp;links und rechts spiegeln</translation></message>
<message><source>Each stroke is painted on the other side of the canvas too</source><translation>Jeder Strich wird auch auf der anderen Seite der Leinwand gemalt</translation></message>
<message><source>Mirror Strokes &amp;Top to Bottom</source><translation>Striche &amp;oben und unten spiegeln</translation></message>
<message><source>Each stroke is painted above or below the middle too</source><translation>Jeder Strich wird auch über oder unter der Mitte gemalt</translation></message>
<message><source>Axes Back to the M&amp;iddle</source><translation>Achsen zurück in die M&amp;itte</translation></message>
<message><source>Drag the grips at the picture's edge to move the axes; this puts them back</source><translation>Die Griffe am Bildrand verschieben die Achsen; das hier setzt sie zurück</translation></message>
<message><source>Brush S&amp;ettings</source><translation>Pins&amp;eleinstellungen</translation></message>
<message><source>Flow, spacing, smoothing, mirrors and saved brushes</source><translation>Fluss, Abstand, Glättung, Spiegel und gespeicherte Pinsel</translation></message>
<message><source>Pen Pressure &amp;Curve…</source><translation>&amp;Kurve des Stiftdrucks…</translation></message>
<message><source>Try the pen, and set how hard it has to be pressed</source><translation>Den Stift ausprobieren und einstellen, wie fest er gedrückt werden muss</translation></message>
<message><source>&amp;Save This Brush…</source><translation>Diesen Pinsel &amp;speichern…</translation></message>
<message><source>Keep size, hardness, flow and the rest under a name</source><translation>Größe, Härte, Fluss und alles Weitere unter einem Namen behalten</translation></message>
<message><source>Brush &amp;1</source><translation>Pinsel &amp;1</translation></message>
<message><source>Use saved brush 1</source><translation>Den gespeicherten Pinsel Nummer 1 nehmen</translation></message>
<message><source>Brush &amp;2</source><translation>Pinsel &amp;2</translation></message>
<message><source>Use saved brush 2</source><translation>Den gespeicherten Pinsel Nummer 2 nehmen</translation></message>
<message><source>Brush &amp;3</source><translation>Pinsel &amp;3</translation></message>
<message><source>Use saved brush 3</source><translation>Den gespeicherten Pinsel Nummer 3 nehmen</translation></message>
<message><source>Brush &amp;4</source><translation>Pinsel &amp;4</translation></message>
<message><source>Use saved brush 4</source><translation>Den gespeicherten Pinsel Nummer 4 nehmen</translation></message>
<message><source>Brush &amp;5</source><translation>Pinsel &amp;5</translation></message>
<message><source>Use saved brush 5</source><translation>Den gespeicherten Pinsel Nummer 5 nehmen</translation></message>
<message><source>Brush &amp;6</source><translation>Pinsel &amp;6</translation></message>
<message><source>Use saved brush 6</source><translation>Den gespeicherten Pinsel Nummer 6 nehmen</translation></message>
<message><source>Brush &amp;7</source><translation>Pinsel &amp;7</translation></message>
<message><source>Use saved brush 7</source><translation>Den gespeicherten Pinsel Nummer 7 nehmen</translation></message>
<message><source>Brush &amp;8</source><translation>Pinsel &amp;8</translation></message>
<message><source>Use saved brush 8</source><translation>Den gespeicherten Pinsel Nummer 8 nehmen</translation></message>
<message><source>Brush &amp;9</source><translation>Pinsel &amp;9</translation></message>
<message><source>Use saved brush 9</source><translation>Den gespeicherten Pinsel Nummer 9 nehmen</translation></message>
<message><source>Show &amp;Paint</source><translation>Bemalung &amp;zeigen</translation></message>
<message><source>Show or hide the paint over the picture</source><translation>Die Bemalung über dem Bild zeigen oder verbergen</translation></message>
<message><source>Paint &amp;Only</source><translation>&amp;Nur Bemalung</translation></message>
<message><source>Show the paint on paper, without the picture</source><translation>Die Bemalung auf Papier zeigen, ohne das Bild</translation></message>
<message><source>O&amp;verlaps and Gaps</source><translation>Ü&amp;berlappungen und Lücken</translation></message>
<message><source>Hatch where words overlap and where no word is painted; hold the key for a look</source><translation>Schraffieren, wo Wörter sich überlappen und wo keines gemalt ist; für einen kurzen Blick die Taste halten</translation></message>
<message><source>Paint as the &amp;Model Sees It</source><translation>Bemalung, wie das &amp;Modell sie sieht</translation></message>
<message><source>Show the paint in the coarsest cells of the model's attention; hold the key for a look</source><translation>Die Bemalung in den gröbsten Zellen der Attention des Modells zeigen; für einen kurzen Blick die Taste halten</translation></message>
<message><source>Show Heat&amp;map</source><translation>&amp;Heatmap zeigen</translation></message>
<message><source>Show where the chosen word went in the picture, until the next stroke</source><translation>Zeigen, wo das gewählte Wort im Bild gelandet ist, bis zum nächsten Strich</translation></message>
<message><source>Heatmap Under the Poi&amp;nter</source><translation>Heatmap unter dem &amp;Zeiger</translation></message>
<message><source>Point at a word, in the prompt or in the list, to see where it went</source><translation>Auf ein Wort im Prompt oder in der Liste zeigen, um zu sehen, wo es gelandet ist</translation></message>
<message><source>&amp;Hide Paint on New Pictures</source><translation>Bemalung auf neuen Bildern &amp;verbergen</translation></message>
<message><source>A new picture shows without the paint, which comes back as soon as you paint</source><translation>Ein neues Bild erscheint ohne die Bemalung; sie kommt wieder, sobald du malst</translation></message>
<message><source>Noise &amp;Timeline</source><translation>Rausch-&amp;Zeitleiste</translation></message>
<message><source>Show which expert works at which noise level</source><translation>Zeigen, welcher Experte bei welchem Rauschen arbeitet</translation></message>
<message><source>&amp;Zen Mode</source><translation>&amp;Zen-Modus</translation></message>
<message><source>Only the picture and one line of the prompt; Esc brings the rest back</source><translation>Nur das Bild und eine Zeile des Prompts; Esc holt den Rest zurück</translation></message>
<message><source>Go to the Next A&amp;rea</source><translation>Zum nächsten &amp;Bereich</translation></message>
<message><source>Move the keyboard to the next part of the window: prompt, picture, words, style, settings, results</source><translation>Die Tasten gehen an den nächsten Teil des Fensters: Prompt, Bild, Wörter, Stil, Bildeinstellungen, Ergebnisse</translation></message>
<message><source>Go to the Previous Ar&amp;ea</source><translation>Zum vorigen Be&amp;reich</translation></message>
<message><source>Move the keyboard to the previous part of the window</source><translation>Die Tasten gehen an den vorigen Teil des Fensters</translation></message>
<message><source>&amp;Grid</source><translation>&amp;Gitter</translation></message>
<message><source>Show a grid over the picture</source><translation>Ein Raster über dem Bild zeigen</translation></message>
<message><source>Gri&amp;d Size…</source><translation>Raster&amp;weite…</translation></message>
<message><source>Choose how large the squares of the grid are</source><translation>Wählen, wie groß die Quadrate des Rasters sind</translation></message>
<message><source>S&amp;nap to Lines</source><translation>An Linien ein&amp;rasten</translation></message>
<message><source>Shapes, lines and moved paint snap to guides, the grid, and the edges and middle of the canvas</source><translation>Formen, Linien und Verschobenes halten sich an Hilfslinien, an das Raster und an Ränder und Mitte der Leinwand</translation></message>
<message><source>Remo&amp;ve All Guides</source><translation>Alle &amp;Hilfslinien entfernen</translation></message>
<message><source>Remove all guides; drag new ones out of the rulers</source><translation>Alle Hilfslinien wegnehmen; neue werden aus den Linealen gezogen</translation></message>
<message><source>Rul&amp;ers</source><translation>Lin&amp;eale</translation></message>
<message><source>Measure the picture in pixels along the top and the left; drag guides out of them</source><translation>Das Bild oben und links in Pixeln messen; Hilfslinien lassen sich daraus ziehen</translation></message>
<message><source>M&amp;irror the View</source><translation>Ansicht sp&amp;iegeln</translation></message>
<message><source>See the picture mirrored, with a fresh eye; the picture itself does not change</source><translation>Das Bild gespiegelt ansehen, um es neu zu beurteilen; das Bild bleibt, wie es ist</translation></message>
<message><source>Turn the View &amp;Left</source><translation>Ansicht nach &amp;links drehen</translation></message>
<message><source>Turn the view to the left by 15 degrees</source><translation>Die Ansicht um 15 Grad nach links drehen</translation></message>
<message><source>Turn the View &amp;Right</source><translation>Ansicht nach &amp;rechts drehen</translation></message>
<message><source>Turn the view to the right by 15 degrees</source><translation>Die Ansicht um 15 Grad nach rechts drehen</translation></message>
<message><source>&amp;Upright View</source><translation>A&amp;ufrechte Ansicht</translation></message>
<message><source>Show the picture neither turned nor mirrored</source><translation>Die Ansicht ist nicht mehr gedreht oder gespiegelt</translation></message>
<message><source>Zoom &amp;In</source><translation>Ver&amp;größern</translation></message>
<message><source>Zoom in</source><translation>Vergrößern</translation></message>
<message><source>Zoom &amp;Out</source><translation>Ver&amp;kleinern</translation></message>
<message><source>Zoom out</source><translation>Verkleinern</translation></message>
<message><source>&amp;Fit</source><translation>&amp;Einpassen</translation></message>
<message><source>Show the whole picture</source><translation>Das ganze Bild zeigen</translation></message>
<message><source>&amp;Actual Size</source><translation>&amp;Originalgröße</translation></message>
<message><source>One picture pixel on one screen pixel</source><translation>Ein Bildpunkt auf einem Bildschirmpunkt</translation></message>
<message><source>&amp;Generate</source><translation>&amp;Erzeugen</translation></message>
<message><source>Make the picture</source><translation>Das Bild erzeugen</translation></message>
<message><source>&amp;Cancel</source><translation>&amp;Abbrechen</translation></message>
<message><source>Stop the generation</source><translation>Das Erzeugen anhalten</translation></message>
<message><source>&amp;Live</source><translation>&amp;Live</translation></message>
<message><source>Quick previews follow every change of prompt and paint</source><translation>Schnelle Vorschauen folgen jeder Änderung an Prompt und Bemalung</translation></message>
<message><source>Re&amp;paint</source><translation>Neu &amp;malen</translation></message>
<message><source>Redo the selection or, without one, the chosen word's paint; the rest stays as it is</source><translation>Die Auswahl neu erzeugen, oder wo das gewählte Wort gemalt ist; alles andere bleibt, wie es ist</translation></message>
<message><source>&amp;Vary the Picture</source><translation>Das Bild &amp;variieren</translation></message>
<message><source>Make another picture that starts from the one on the canvas</source><translation>Ein anderes Bild erzeugen, das von dem auf der Leinwand ausgeht</translation></message>
<message><source>Change by &amp;Instruction…</source><translation>Mit &amp;Anweisung ändern …</translation></message>
<message><source>Say how the picture should change, such as “make it winter”</source><translation>Sagen, wie sich das Bild ändern soll, etwa „make it winter“</translation></message>
<message><source>&amp;Start Again From the Same Source</source><translation>&amp;Noch einmal vom selben Anfang</translation></message>
<message><source>Make the picture on the canvas, or an opened file, again from the picture it started from</source><translation>Noch einmal mit dem beginnen, womit das Bild auf der Leinwand begann; eine geöffnete Datei entsteht so noch einmal</translation></message>
<message><source>Re&amp;fine…</source><translation>Ver&amp;feinern…</translation></message>
<message><source>Make the picture two to four times as large, with new details</source><translation>Das Bild zwei- bis viermal so groß machen, und seine Einzelheiten neu</translation></message>
<message><source>E&amp;xtend the Canvas…</source><translation>Leinwand er&amp;weitern…</translation></message>
<message><source>Make the canvas larger on any side, and fill the new part to match the picture</source><translation>Die Leinwand an beliebigen Seiten größer machen und das Neue passend zum Bild füllen</translation></message>
<message><source>Bar for &amp;Working on the Picture</source><translation>Leiste zum &amp;Arbeiten am Bild</translation></message>
<message><source>Show the bar under the picture: repaint, vary, refine, extend</source><translation>Die Leiste unter dem Bild zeigen: neu malen, abwandeln, verfeinern, erweitern</translation></message>
<message><source>What Is &amp;Missing?</source><translation>Was &amp;fehlt?</translation></message>
<message><source>Compare what the prompt asks for with what is seen in the picture</source><translation>Vergleichen, was der Prompt verlangt und was im Bild zu sehen ist</translation></message>
<message><source>&amp;Grid…</source><translation>&amp;Raster…</translation></message>
<message><source>Compare seeds, strengths of the chosen word, or other words in its place, on one sheet</source><translation>Bilder über Seeds, Stärken des gewählten Worts oder andere Wörter an seiner Stelle, und ein Bogen mit allen</translation></message>
<message><source>New &amp;Seed</source><translation>Neuer &amp;Seed</translation></message>
<message><source>Roll a new seed</source><translation>Einen neuen Seed würfeln</translation></message>
<message><source>Lo&amp;ck Seed</source><translation>Seed fest&amp;halten</translation></message>
<message><source>Locked, every picture uses this seed. Otherwise Generate rolls a new one when nothing else has changed</source><translation>Festgehalten nutzt jedes Bild diesen Seed. Sonst würfelt Erzeugen einen neuen, wenn sich nichts anderes geändert hat</translation></message>
<message><source>Open &amp;Results Folder</source><translation>E&amp;rgebnisordner öffnen</translation></message>
<message><source>Show the folder that keeps every picture</source><translation>Den Ordner zeigen, der jedes Bild behält</translation></message>
<message><source>Put &amp;Back the Deleted Result</source><translation>Gelöschtes Ergebnis &amp;zurückholen</translation></message>
<message><source>Take the last deleted result back out of the trash</source><translation>Das zuletzt gelöschte Ergebnis wieder aus dem Papierkorb holen</translation></message>
<message><source>&amp;Find in My Pictures…</source><translation>In meinen Bildern &amp;suchen…</translation></message>
<message><source>Search a folder of your pictures by words or by a picture, and take one as a style</source><translation>Einen Ordner mit deinen Bildern nach Wörtern oder nach einem Bild durchsuchen und eines als Stil nehmen</translation></message>
<message><source>&amp;Models…</source><translation>&amp;Modelle…</translation></message>
<message><source>See, add, check, download and remove models</source><translation>Modelle sehen, hinzufügen, prüfen, herunterladen und entfernen</translation></message>
<message><source>Mac&amp;hines…</source><translation>&amp;Rechner…</translation></message>
<message><source>Make pictures on this computer, or on another one with a better GPU</source><translation>Bilder auf diesem Computer machen oder auf einem anderen mit besserer GPU</translation></message>
<message><source>&amp;Copy Log</source><translation>Protokoll &amp;kopieren</translation></message>
<message><source>Copy the log, to report a problem</source><translation>Das Protokoll kopieren, um ein Problem zu melden</translation></message>
<message><source>&amp;Painting Help</source><translation>&amp;Hilfe beim Malen</translation></message>
<message><source>Mouse, pen and keys for painting</source><translation>Maus, Stift und Tasten zum Malen</translation></message>
<message><source>&amp;Tour</source><translation>&amp;Rundgang</translation></message>
<message><source>Five steps from a sentence to your own first picture</source><translation>In fünf Schritten vom Satz zum ersten eigenen Bild</translation></message>
<message><source>&amp;About Wordbrush</source><translation>Ü&amp;ber Wordbrush</translation></message>
<message><source>Version and licences</source><translation>Version und Lizenzen</translation></message>
<message><source>Like the System</source><translation>Wie das System</translation></message>
<message><source>Dark</source><translation>Dunkel</translation></message>
<message><source>Light</source><translation>Hell</translation></message>
<message><source>High Contrast</source><translation>Hoher Kontrast</translation></message>
<message><source>File</source><translation>Datei</translation></message>
<message><source>Edit</source><translation>Bearbeiten</translation></message>
<message><source>Words</source><translation>Wörter</translation></message>
<message><source>Brush</source><translation>Pinsel</translation></message>
<message><source>Colours</source><translation>Farben</translation></message>
<message><source>Layers</source><translation>Ebenen</translation></message>
<message><source>Tools</source><translation>Werkzeuge</translation></message>
<message><source>Selection</source><translation>Auswahl</translation></message>
<message><source>View</source><translation>Ansicht</translation></message>
<message><source>Generate</source><translation>Erzeugen</translation></message>
<message><source>Work on a Picture</source><translation>An einem Bild arbeiten</translation></message>
<message><source>Results</source><translation>Ergebnisse</translation></message>
<message><source>Models</source><translation>Modelle</translation></message>
<message><source>Help</source><translation>Hilfe</translation></message>
<message><source>Automatic</source><translation>Automatisch</translation></message>
<message><source>Low</source><translation>Niedrig</translation></message>
<message><source>Lowest</source><translation>Am niedrigsten</translation></message>
<message><source>On</source><translation>Ein</translation></message>
<message><source>Off</source><translation>Aus</translation></message>
<message><source>Processor (CPU)</source><translation>Prozessor (CPU)</translation></message>
<message><source>Graphics card (CUDA)</source><translation>Grafikkarte (CUDA)</translation></message>
<message><source>Apple GPU (MPS)</source><translation>Apple-GPU (MPS)</translation></message>
<message><source>Numbered PNG Files…</source><translation>Nummerierte PNG-Dateien…</translation></message>
<message><source>Numbered WebP Files…</source><translation>Nummerierte WebP-Dateien…</translation></message>
<message><source>Animated WebP…</source><translation>Animiertes WebP…</translation></message>
<message><source>Animated PNG…</source><translation>Animiertes PNG…</translation></message>
<message><source>The picture has it where you painted it.</source><translation>Das Bild hat es dort, wo du es gemalt hast.</translation></message>
<message><source>The picture keeps it out of this paint.</source><translation>Das Bild hält es aus dieser Bemalung heraus.</translation></message>
<message><source>The picture may not have it here. Raise its strength, or give it more room.</source><translation>Das Bild hat es hier vielleicht nicht. Erhöhe seine Stärke oder gib ihm mehr Platz.</translation></message>
<message><source>The picture may still have it here. Lower its strength.</source><translation>Das Bild hat es hier vielleicht noch. Verringere seine Stärke.</translation></message>
<message><source>Sketch</source><translation>Skizze</translation></message>
<message><source>Edges</source><translation>Kanten</translation></message>
<message><source>Depth</source><translation>Tiefe</translation></message>
<message><source>Pose</source><translation>Pose</translation></message>
<message><source>Normals</source><translation>Normalen</translation></message>
<message><source>Segments</source><translation>Segmente</translation></message>
<message><source>Tile</source><translation>Kachel</translation></message>
<message><source>Other</source><translation>Anderes</translation></message>
<message><source>Already a control map</source><translation>Schon eine Kontrollkarte</translation></message>
<message><source>A picture: find its edges</source><translation>Ein Bild: seine Kanten suchen</translation></message>
<message><source>Dark lines on white</source><translation>Dunkle Linien auf Weiß</translation></message>
<message><source>Add</source><translation>Hinzufügen</translation></message>
<message><source>Top wins</source><translation>Oberes gewinnt</translation></message>
<message><source>Share</source><translation>Teilen</translation></message>
<message><source>Side by side</source><translation>Nebeneinander</translation></message>
<message><source>Slider</source><translation>Schieber</translation></message>
<message><source>Difference</source><translation>Unterschied</translation></message>
<message><source>CLIP knows how things look: subjects, styles, moods</source><translation>CLIP weiß, wie Dinge aussehen: Motive, Stile, Stimmungen</translation></message>
<message><source>T5 understands sentences: which thing has which property, and where it is</source><translation>T5 versteht Sätze: welches Ding welche Eigenschaft hat und wo es ist</translation></message>
<message><source>Vary It</source><translation>Abwandeln</translation></message>
<message><source>Refine It…</source><translation>Verfeinern…</translation></message>
<message><source>Start Again From Its Source</source><translation>Noch einmal von seinem Anfang</translation></message>
<message><source>As Suits Its Size</source><translation>wie es zur Größe passt</translation></message>
<message><source>32 Pixels</source><translation>32 Pixel</translation></message>
<message><source>64 Pixels</source><translation>64 Pixel</translation></message>
<message><source>128 Pixels</source><translation>128 Pixel</translation></message>
<message><source>The Whole Picture</source><translation>das ganze Bild</translation></message>
<message><source>On, From Noise</source><translation>Ein, aus Rauschen</translation></message>
<message><source>On, From the Picture's Own Noise</source><translation>Ein, aus dem Rauschen des Bilds</translation></message>
<message><source>From Noise</source><translation>Aus Rauschen</translation></message>
<message><source>From Its Look and Content</source><translation>Nach Aussehen und Inhalt</translation></message>
<message><source>Left</source><translation>Links</translation></message>
<message><source>Top</source><translation>Oben</translation></message>
<message><source>Right</source><translation>Rechts</translation></message>
<message><source>Bottom</source><translation>Unten</translation></message>
<message><source>Animals</source><translation>Tiere</translation></message>
<message><source>Buildings</source><translation>Gebäude</translation></message>
<message><source>Food</source><translation>Essen</translation></message>
<message><source>Home</source><translation>Im Haus</translation></message>
<message><source>People</source><translation>Menschen</translation></message>
<message><source>Plants</source><translation>Pflanzen</translation></message>
<message><source>Play</source><translation>Spiel</translation></message>
<message><source>Vehicles</source><translation>Fahrzeuge</translation></message>
<message><source>Weather</source><translation>Wetter</translation></message>
<message><source>Landscape</source><translation>Landschaft</translation></message>
<message><source>Machine</source><translation>Rechner</translation></message>
<message><source>Address</source><translation>Adresse</translation></message>
<message><source>Computes on</source><translation>Rechnet mit</translation></message>
<message><source>Queue</source><translation>Warteschlange</translation></message>
<message><source>State</source><translation>Zustand</translation></message>
<message><source>JPEG: small</source><translation>JPEG: klein</translation></message>
<message><source>WebP: smaller, slower</source><translation>WebP: kleiner, langsamer</translation></message>
<message><source>Exact: largest</source><translation>Exakt: am größten</translation></message>
<message><source>Settings</source><translation>Bildeinstellungen</translation></message>
<message><source>Style</source><translation>Stil</translation></message>
<message><source>Reference</source><translation>Vorlage</translation></message>
<message><source>Model</source><translation>Modell</translation></message>
<message><source>Family</source><translation>Familie</translation></message>
<message><source>Size</source><translation>Größe</translation></message>
<message><source>Precision</source><translation>Genauigkeit</translation></message>
<message><source>Licence</source><translation>Lizenz</translation></message>
<message><source>Only the starter is here. To get a bigger model, type its ORG/NAME from huggingface.co below and press Download.</source><translation>Nur der Starter ist hier. Für ein größeres Modell unten sein ORG/NAME von huggingface.co eingeben und auf Herunterladen klicken.</translation></message>
<message><source>Have one on disk? Drop its .safetensors file or diffusers folder here, or the folder of ComfyUI, Forge or A1111.</source><translation>Schon eines auf der Festplatte? Zieh seine .safetensors-Datei oder seinen diffusers-Ordner hierher, oder den Ordner von ComfyUI, Forge oder A1111.</translation></message>
<message><source>Wordbrush scenes (*.ora)</source><translation>Wordbrush-Szenen (*.ora)</translation></message>
<message><source>Scenes and pictures (*.ora~ *.ora *.png *.jpg *.jpeg *.webp *.bmp *.tif *.tiff *.gif *.kra *.psd)</source><translation>Szenen und Bilder (*.ora~ *.ora *.png *.jpg *.jpeg *.webp *.bmp *.tif *.tiff *.gif *.kra *.psd)</translation></message>
<message><source>Colour maps (*.png *.bmp *.gif *.webp *.tif *.tiff *.jpg *.jpeg)</source><translation>Farbkarten (*.png *.bmp *.gif *.webp *.tif *.tiff *.jpg *.jpeg)</translation></message>
<message><source>Tables of colours (*.txt *.json *.py);;All files (*)</source><translation>Farbtabellen (*.txt *.json *.py);;Alle Dateien (*)</translation></message>
<message><source>PNG pictures (*.png)</source><translation>PNG-Bilder (*.png)</translation></message>
<message><source>Pictures (*.png *.webp *.jpg *.jpeg *.psd)</source><translation>Bilder (*.png *.webp *.jpg *.jpeg *.psd)</translation></message>
<message><source>Keys, with the pointer on the canvas</source><translation>Tasten, mit dem Zeiger auf der Leinwand</translation></message>
<message><source>Picture</source><translation>Bild</translation></message>
<message><source>Sampling</source><translation>Sampling</translation></message>
<message><source>Paint</source><translation>Bemalung</translation></message>
<message><source>Device</source><translation>Gerät</translation></message>
<message><source>rising lines</source><translation>steigende Linien</translation></message>
<message><source>dots</source><translation>Punkte</translation></message>
<message><source>level lines</source><translation>waagerechte Linien</translation></message>
<message><source>squares</source><translation>Kästchen</translation></message>
<message><source>falling lines</source><translation>fallende Linien</translation></message>
<message><source>rings</source><translation>Ringe</translation></message>
<message><source>upright lines</source><translation>senkrechte Linien</translation></message>
<message><source>waves</source><translation>Wellen</translation></message>
<message><source>lattice</source><translation>Gitter</translation></message>
<message><source>chequers</source><translation>Schachbrett</translation></message>
<message><source>zigzag</source><translation>Zickzack</translation></message>
<message><source>bricks</source><translation>Ziegel</translation></message>
<message><source>large dots</source><translation>große Punkte</translation></message>
<message><source>pluses</source><translation>Pluszeichen</translation></message>
<message><source>wide lines</source><translation>breite Linien</translation></message>
<message><source>diamonds</source><translation>Rauten</translation></message>
<message><source>the whole picture</source><translation>das ganze Bild</translation></message>
<message><source>a word that is gone</source><translation>ein Wort, das es nicht mehr gibt</translation></message>
<message><source>Waiting…</source><translation>Wartet…</translation></message>
<message><source>Not made</source><translation>Nicht gemacht</translation></message>
<message><source>The upper left stays in place</source><translation>Die linke obere Ecke bleibt, wo sie ist</translation></message>
<message><source>The top stays in place</source><translation>Der obere Rand bleibt, wo er ist</translation></message>
<message><source>The upper right stays in place</source><translation>Die rechte obere Ecke bleibt, wo sie ist</translation></message>
<message><source>The left stays in place</source><translation>Der linke Rand bleibt, wo er ist</translation></message>
<message><source>The middle stays in place</source><translation>Die Mitte bleibt, wo sie ist</translation></message>
<message><source>The right stays in place</source><translation>Der rechte Rand bleibt, wo er ist</translation></message>
<message><source>The lower left stays in place</source><translation>Die linke untere Ecke bleibt, wo sie ist</translation></message>
<message><source>The bottom stays in place</source><translation>Der untere Rand bleibt, wo er ist</translation></message>
<message><source>The lower right stays in place</source><translation>Die rechte untere Ecke bleibt, wo sie ist</translation></message>
<message><source>On the canvas</source><translation>Auf der Leinwand</translation></message>
<message><source>Drag</source><translation>Ziehen</translation></message>
<message><source>Paint the chosen word</source><translation>Das gewählte Wort malen</translation></message>
<message><source>Right-click</source><translation>Rechtsklick</translation></message>
<message><source>Pick the word under the pointer; again for the one below</source><translation>Das Wort unter dem Zeiger nehmen; noch einmal für das darunter</translation></message>
<message><source>Shift-click</source><translation>Umschalt-Klick</translation></message>
<message><source>Draw a straight line from the last stroke</source><translation>Eine gerade Linie vom letzten Strich aus ziehen</translation></message>
<message><source>Shift, Ctrl while drawing a shape</source><translation>Umschalt, Strg beim Zeichnen einer Form</translation></message>
<message><source>Keep it square or round; draw it from its middle</source><translation>Quadratisch oder rund halten; von der Mitte aus zeichnen</translation></message>
<message><source>Shift, Ctrl before selecting</source><translation>Umschalt, Strg vor dem Auswählen</translation></message>
<message><source>Add to the selection; take away from it</source><translation>Zur Auswahl hinzufügen; von ihr abziehen</translation></message>
<message><source>Ctrl-drag with the brush</source><translation>Strg-Ziehen mit dem Pinsel</translation></message>
<message><source>Make the brush larger or smaller</source><translation>Den Pinsel größer oder kleiner machen</translation></message>
<message><source>Enter; Esc</source><translation>Eingabe; Esc</translation></message>
<message><source>Apply a transformation or close a shape; cancel it</source><translation>Eine Transformation anwenden, eine Form schließen; verwerfen</translation></message>
<message><source>Grips at the picture's edge</source><translation>Griffe am Bildrand</translation></message>
<message><source>Move the axes about which the brush repeats strokes</source><translation>Die Achsen verschieben, um die der Pinsel Striche wiederholt</translation></message>
<message><source>Space, drag</source><translation>Leertaste, ziehen</translation></message>
<message><source>Move the picture; the middle button does too</source><translation>Das Bild verschieben; auch mit der mittleren Maustaste</translation></message>
<message><source>Shift+Space, drag</source><translation>Umschalt+Leertaste, ziehen</translation></message>
<message><source>Turn the view; two fingers do too</source><translation>Die Ansicht drehen; auch mit zwei Fingern</translation></message>
<message><source>Wheel</source><translation>Mausrad</translation></message>
<message><source>Zoom</source><translation>Zoomen</translation></message>
<message><source>Pen, upside down</source><translation>Stift, umgedreht</translation></message>
<message><source>Erase</source><translation>Radieren</translation></message>
<message><source>Ctrl+Tab</source><translation>Strg+Tab</translation></message>
<message><source>Go to the next control (Tab alone hides the paint)</source><translation>Zum nächsten Bedienelement, da Tab allein die Bemalung verbirgt</translation></message>
<message><source>Arrows; with Shift</source><translation>Pfeile; mit Umschalt</translation></message>
<message><source>Move a cursor by one pixel; by ten</source><translation>Einen Zeiger um ein Pixel bewegen; um zehn</translation></message>
<message><source>Space or Enter with that cursor</source><translation>Leertaste oder Eingabe bei diesem Zeiger</translation></message>
<message><source>Set the tool down and lift it again; Esc cancels</source><translation>Das Werkzeug aufsetzen und wieder abheben; Esc verwirft</translation></message>
<message><source>Beside the canvas</source><translation>Neben der Leinwand</translation></message>
<message><source>Drag out of a ruler</source><translation>Aus einem Lineal ziehen</translation></message>
<message><source>Set a guide; drag it by its mark on the ruler, or off the picture to remove it</source><translation>Eine Hilfslinie setzen; ihre Marke am Lineal verschiebt sie, neben dem Bild verschwindet sie</translation></message>
<message><source>Snap to Lines</source><translation>An Linien einrasten</translation></message>
<message><source>Shapes and moved paint snap to guides, the grid, and the edges and middle of the canvas</source><translation>Formen und Verschobenes halten sich an Hilfslinien, Raster, Ränder und Mitte der Leinwand</translation></message>
<message><source>Click the reference picture</source><translation>Das Referenzbild anklicken</translation></message>
<message><source>Take its colour; the wheel zooms it, a drag moves it</source><translation>Seine Farbe nehmen; das Rad zoomt es, Ziehen verschiebt es</translation></message>
<message><source>Colours under the words</source><translation>Farben unter den Wörtern</translation></message>
<message><source>Colours in the list of words</source><translation>Farben in der Liste der Wörter</translation></message>
<message><source>Choose them, and brush, shapes, bucket and gradient paint colours</source><translation>Sie wählen: Pinsel, Formen, Füllen und Verlauf malen dann Farben</translation></message>
<message><source>Alt-click</source><translation>Alt-Klick</translation></message>
<message><source>Take the colour under the pointer, from the colours or the picture</source><translation>Die Farbe unter dem Zeiger aufnehmen, aus den Farben oder dem Bild</translation></message>
<message><source>Strength of the colours</source><translation>Stärke der Farben</translation></message>
<message><source>How much of them the picture keeps, as it starts from them</source><translation>Wie viel das Bild von ihnen behält; es beginnt mit ihnen</translation></message>
<message><source>Pictures below the colours</source><translation>Bilder unter den Farben</translation></message>
<message><source>More layers to start from; the Tools menu keeps the picture as one</source><translation>Ebenen, von denen auch ausgegangen wird; das Menü Werkzeuge behält das Bild als eine</translation></message>
<message><source>Move and Transform</source><translation>Verschieben und Transformieren</translation></message>
<message><source>They act on the colours while these are chosen, otherwise on the word's paint</source><translation>Sie wirken auf die Farben, solange diese gewählt sind, sonst auf die Bemalung des Worts</translation></message>
<message><source>In the bar under the picture</source><translation>In der Leiste unter dem Bild</translation></message>
<message><source>What is redone</source><translation>Was neu gemacht wird</translation></message>
<message><source>The selection, the chosen word's place or the whole picture, and how strongly</source><translation>Die Auswahl, wo das gewählte Wort ist, oder das ganze Bild; jedes wie sehr</translation></message>
<message><source>Vary the Whole Picture (…)</source><translation>Das ganze Bild abwandeln (…)</translation></message>
<message><source>From noise that starts from it, or from its look and content, in other places</source><translation>Aus Rauschen, das von ihm ausgeht, oder nach Aussehen und Inhalt an anderen Stellen</translation></message>
<message><source>Find in the Picture (Word menu)</source><translation>Im Bild suchen (Menü Wort)</translation></message>
<message><source>Look for a word in any picture; paint, select or cut it out</source><translation>Ein Wort in jedem Bild suchen; es malen, auswählen oder ausschneiden</translation></message>
<message><source>Describe the Picture; What Is Missing?</source><translation>Das Bild beschreiben; Was fehlt?</translation></message>
<message><source>Its words become the prompt, painted where they are; see which words did not come</source><translation>Seine Wörter werden der Prompt, gemalt, wo sie sind; sehen, welche Wörter nicht kamen</translation></message>
<message><source>Again</source><translation>Noch einmal</translation></message>
<message><source>Start again from what the picture started from; its file carries it</source><translation>Noch einmal mit dem beginnen, womit das Bild begann; seine Datei enthält es</translation></message>
<message><source>Edit words</source><translation>Wörter ändern</translation></message>
<message><source>Change words of the prompt: the picture stays, but for where they are painted</source><translation>Wörter des Prompts ändern: Das Bild bleibt, außer wo sie gemalt sind</translation></message>
<message><source>Edit Words in Detail (…)</source><translation>Wörter im Einzelnen ändern (…)</translation></message>
<message><source>How long words and shapes are kept, and more or less of each word</source><translation>Wie lange Wörter und Formen bleiben, und mehr oder weniger von jedem Wort</translation></message>
<message><source>Change by Instruction (Generate menu)</source><translation>Mit Anweisung ändern (Menü Erzeugen)</translation></message>
<message><source>Say how it should change, such as “make it winter”</source><translation>Sagen, wie es sich ändern soll, etwa „make it winter“</translation></message>
<message><source>Keep to the Shape Exactly (…)</source><translation>Die Form genau einhalten (…)</translation></message>
<message><source>What you repaint fills its area to the edge, and nothing spills out</source><translation>Was du neu malst, füllt seine Fläche bis zum Rand, und nichts gerät hinaus</translation></message>
<message><source>Refine, Extend</source><translation>Verfeinern, Erweitern</translation></message>
<message><source>Enlarge with new details; enlarge the canvas and fill the new part</source><translation>Größer mit neuen Einzelheiten; eine größere Leinwand, deren Neues gefüllt wird</translation></message>
<message><source>More than one picture</source><translation>Mehrere Bilder</translation></message>
<message><source>Generate while one is being made</source><translation>Erzeugen, während eines entsteht</translation></message>
<message><source>Add one more to the queue</source><translation>Ein weiteres in die Warteschlange stellen</translation></message>
<message><source>The queue's button</source><translation>Die Schaltfläche der Warteschlange</translation></message>
<message><source>See what waits; move, cancel or pause it; +1 and +10 repeat the last request</source><translation>Zeigt, was wartet; verschieben, abbrechen, pausieren; +1 und +10 wiederholen den letzten Auftrag</translation></message>
<message><source>Machines (Generate menu)</source><translation>Rechner (Menü Erzeugen)</translation></message>
<message><source>Let another machine make the pictures, or several at once</source><translation>Bilder auf einem anderen Rechner machen lassen, oder auf mehreren zugleich</translation></message>
<message><source>Grid</source><translation>Raster</translation></message>
<message><source>One picture for each seed, setting, strength or word, on one or two axes, and a sheet of all</source><translation>Je ein Bild für Seeds, Einstellungen, Stärken oder Wörter, auf einer oder zwei Achsen, und ein Bogen mit allen</translation></message>
<message><source>In the list of words</source><translation>In der Wortliste</translation></message>
<message><source>A word's square</source><translation>Quadrat eines Wortes</translation></message>
<message><source>Choose its colour and its pattern</source><translation>Seine Farbe und sein Muster wählen</translation></message>
<message><source>Drop a picture on its card</source><translation>Ein Bild auf seine Karte ziehen</translation></message>
<message><source>The word takes its look; Ctrl+Shift+F finds one among your pictures</source><translation>Das Wort übernimmt sein Aussehen; Strg+Umschalt+F sucht eines in deinen Bildern</translation></message>
<message><source>Teach a Word, in the menu Word</source><translation>Ein Wort beibringen, im Menü Wort</translation></message>
<message><source>Make a word of your own pictures of a thing, and paint it like any other</source><translation>Aus eigenen Bildern eines Dings ein Wort machen und es wie jedes andere malen</translation></message>
<message><source>Mood, beside the style pictures</source><translation>Stimmung, neben den Stilbildern</translation></message>
<message><source>Lead pictures towards what your starred results have in common</source><translation>Bilder dahin lenken, was Ihre Ergebnisse mit Stern gemeinsam haben</translation></message>
<message><source>Sliders on its card</source><translation>Regler auf seiner Karte</translation></message>
<message><source>Soft edge, fidelity, and what it does where it lies over others</source><translation>Weicher Rand, Treue, und was es tut, wo es über anderen liegt</translation></message>
<message><source>In the prompt</source><translation>Im Prompt</translation></message>
<message><source>Click a word</source><translation>Klicke ein Wort an</translation></message>
<message><source>Choose it for painting</source><translation>Zum Malen wählen</translation></message>
<message><source>Click it again, or double-click</source><translation>Noch einmal anklicken oder doppelklicken</translation></message>
<message><source>Type there</source><translation>Dort schreiben</translation></message>
<message><source>Drag over a phrase, Enter</source><translation>Über eine Wortgruppe ziehen, Eingabe</translation></message>
<message><source>Paint the phrase</source><translation>Die Wortgruppe malen</translation></message>
<message><source>Ctrl+Up, Ctrl+Down</source><translation>Strg+Auf, Strg+Ab</translation></message>
<message><source>Make the word at the cursor stronger or weaker</source><translation>Das Wort an der Schreibmarke stärker oder schwächer machen</translation></message>
<message><source>(word:1.3)</source><translation>(Wort:1.3)</translation></message>
<message><source>Set the word's strength to 1.3</source><translation>Die Stärke des Wortes auf 1,3 setzen</translation></message>
<message><source>{this|that}</source><translation>{dies|das}</translation></message>
<message><source>Take one of them, by the seed</source><translation>Eines davon nehmen, je nach Seed</translation></message>
<message><source># text</source><translation># Text</translation></message>
<message><source>A note that is not read, to the end of the line</source><translation>Eine Notiz, die nicht gelesen wird, bis zum Ende der Zeile</translation></message>
<message><source>Point at a word</source><translation>Auf ein Wort zeigen</translation></message>
<message><source>See where it went in the picture</source><translation>Sehen, wo es im Bild gelandet ist</translation></message>
<message><source>Start typing a word that the model knows</source><translation>Ein Wort beginnen, das das Modell kennt</translation></message>
<message><source>The rest is offered: Tab or Enter accepts it, Esc closes the list</source><translation>Der Rest wird angeboten: Tab oder Eingabe nimmt ihn, Esc schließt die Liste</translation></message>
<message><source>In the palette</source><translation>In der Palette</translation></message>
<message><source>Click a noun</source><translation>Ein Hauptwort anklicken</translation></message>
<message><source>It joins the prompt and goes on the brush; one that is already there is chosen</source><translation>Es kommt in den Prompt und auf den Pinsel; eines, das schon da ist, wird gewählt</translation></message>
<message><source>Drag a noun onto the window</source><translation>Ein Hauptwort auf das Fenster ziehen</translation></message>
<message><source>The same</source><translation>Dasselbe</translation></message>
<message><source>Type, then Enter</source><translation>Tippen, dann Eingabe</translation></message>
<message><source>Find a noun and take it; the arrows go through the list</source><translation>Ein Hauptwort finden und nehmen; die Pfeile gehen durch die Liste</translation></message>
<message><source>Pictures</source><translation>Bilder</translation></message>
<message><source>How many pictures each Generate makes, each with its own seed</source><translation>Wie viele Bilder jedes Erzeugen macht, jedes mit eigenem Seed</translation></message>
<message><source>Steps</source><translation>Schritte</translation></message>
<message><source>More steps take longer and give more finished pictures</source><translation>Mehr Schritte dauern länger und geben fertigere Bilder</translation></message>
<message><source>Guidance</source><translation>Prompttreue</translation></message>
<message><source>How closely the picture follows the prompt; the model's own value unless set here</source><translation>Wie eng das Bild dem Prompt folgt; der Wert des Modells, solange hier keiner steht</translation></message>
<message><source>Guidance rescale</source><translation>Kontrastausgleich</translation></message>
<message><source>Reduces the contrast that high guidance adds; 0 is off, 0.7 is a good start where pictures look harsh</source><translation>Nimmt Kontrast zurück, den hohe Prompttreue bringt; 0 ist aus, 0,7 ein guter Anfang bei grellen Bildern</translation></message>
<message><source>Sampler</source><translation>Sampler</translation></message>
<message><source>Paint weight</source><translation>Malgewicht</translation></message>
<message><source>How strongly all paint acts; 0 is off. The model's own value unless set here</source><translation>Wie stark alle Bemalung wirkt; 0 ist aus. Der Wert des Modells, solange hier keiner steht</translation></message>
<message><source>Keep attributes together</source><translation>Eigenschaften beisammen halten</translation></message>
<message><source>Reads each painted word and each thing of the prompt apart from the others, so that “a red house and a blue house” mix their colours less; costs no time. For Stable Diffusion models and the starter</source><translation>Liest jedes gemalte Wort und jedes Ding im Prompt für sich, damit sich bei „ein rotes Haus und ein blaues“ die Farben weniger mischen; kostet keine Zeit. Für Stable-Diffusion-Modelle und den Starter</translation></message>
<message><source>Place and shape things</source><translation>Dinge platzieren und formen</translation></message>
<message><source>Paints, unseen, what you leave unpainted where it may stand: the sky above, a boat on the water. A round patch becomes the outline of its thing; paint with a shape of its own stays as it is. For the starter</source><translation>Malt unsichtbar, was unbemalt bleibt, dorthin, wo es stehen kann: den Himmel nach oben, ein Boot aufs Wasser. Ein runder Fleck bekommt den Umriss seines Dings; Farbe mit eigener Form bleibt, wie sie ist. Für den Starter</translation></message>
<message><source>Memory</source><translation>Speicher</translation></message>
<message><source>How much the model spares the device's memory; the less it uses, the longer a picture takes</source><translation>Wie sparsam das Modell mit dem Speicher des Geräts umgeht; je weniger es nimmt, desto länger dauert ein Bild</translation></message>
<message><source>Compile</source><translation>Kompilieren</translation></message>
<message><source>Makes later pictures of a size faster; the first one is made while the compiler works. Automatic: on CUDA devices</source><translation>Macht spätere Bilder einer Größe schneller; das erste entsteht, während der Compiler arbeitet. Automatisch: auf CUDA-Geräten</translation></message>
<message><source>Seed</source><translation>Seed</translation></message>
<message><source>Same seed and same scene: same picture</source><translation>Gleicher Seed und gleiche Szene: gleiches Bild</translation></message>
<message><source>Mood strength</source><translation>Stärke der Stimmung</translation></message>
<message><source>Right: towards the look of the pictures that the mood was made from. Left: away from it. 0 is none</source><translation>Rechts: zum Aussehen der Bilder hin, aus denen die Stimmung gemacht wurde. Links: davon weg. 0 ist nichts davon</translation></message>
<message><source>Kept</source><translation>Behalten</translation></message>
<message><source>How much of the colours is kept in the picture: 0 is nothing, 1 leaves them as they are painted</source><translation>Wie viel von den Farben im Bild bleibt: 0 ist nichts, 1 lässt sie, wie sie gemalt sind</translation></message>
<message><source>Paint colours here for the picture to start from</source><translation>Hier Farben malen, von denen das Bild ausgeht</translation></message>
<message><source>Show or hide the colours. Hidden colours still act</source><translation>Farben zeigen oder verbergen. Verborgene Farben wirken trotzdem</translation></message>
<message><source>off</source><translation>aus</translation></message>
<message><source>Colour {colour}</source><translation>Farbe {colour}</translation></message>
<message><source>There is no picture yet to take colours from. Generate one, or open one, first.</source><translation>Es gibt noch kein Bild, dessen Farben übernommen werden könnten. Erst eines erzeugen oder öffnen.</translation></message>
<message><source>Choose a Colour</source><translation>Farbe wählen</translation></message>
<message><source>Colour: saturation, brightness and hue</source><translation>Farbe: Sättigung, Helligkeit und Farbton</translation></message>
<message><source>Rename the Layer</source><translation>Ebene umbenennen</translation></message>
<message><source>Name</source><translation>Name</translation></message>
<message><source>Rename…</source><translation>Umbenennen…</translation></message>
<message><source>Delete the Layer</source><translation>Ebene löschen</translation></message>
<message><source>Show or hide this picture. A hidden one is left out</source><translation>Dieses Bild zeigen oder verbergen. Ein verborgenes wird ausgelassen</translation></message>
<message><source>Opacity</source><translation>Deckkraft</translation></message>
<message><source>Move this picture up</source><translation>Dieses Bild nach oben</translation></message>
<message><source>Move this picture down</source><translation>Dieses Bild nach unten</translation></message>
<message><source>Delete this layer</source><translation>Diese Ebene löschen</translation></message>
<message><source>Picture layer {name}</source><translation>Bildebene {name}</translation></message>
<message><source>A picture to start from, under the colours. Double-click to rename it</source><translation>Ein Bild unter den Farben, von dem ausgegangen wird. Ein Doppelklick benennt es um</translation></message>
<message><source>Move Up</source><translation>Nach oben</translation></message>
<message><source>Move Down</source><translation>Nach unten</translation></message>
<message><source>hidden</source><translation>verborgen</translation></message>
<message><source>A layer under the colours: the next picture starts from it, as strongly as from colours.</source><translation>Eine Ebene unter den Farben: Das nächste Bild geht von ihr aus, so stark wie von Farben.</translation></message>
<message><source>There is no picture yet that could become a layer. Generate one, or open one, first.</source><translation>Es gibt noch kein Bild, das eine Ebene werden könnte. Erst eines erzeugen oder öffnen.</translation></message>
<message><source>Painting with {front}; behind it is {back}. Click to choose another.</source><translation>Gemalt wird mit {front}; dahinter liegt {back}. Ein Klick wählt eine andere.</translation></message>
<message><source>Recent colours</source><translation>Zuletzt benutzte Farben</translation></message>
<message><source>Remove this control picture</source><translation>Diese Vorlage entfernen</translation></message>
<message><source>Shows</source><translation>Zeigt</translation></message>
<message><source>What the picture shows</source><translation>Was das Bild zeigt</translation></message>
<message><source>Is</source><translation>Ist</translation></message>
<message><source>How the control map is made from the picture</source><translation>Wie aus dem Bild die Kontrollkarte wird</translation></message>
<message><source>ControlNet</source><translation>ControlNet</translation></message>
<message><source>The network that makes the result follow the picture</source><translation>Das Netz, das das Ergebnis am Bild hält</translation></message>
<message><source>Strength</source><translation>Stärke</translation></message>
<message><source>How closely the result follows the picture: 1 is normal, 0 is off</source><translation>Wie eng sich das Ergebnis an das Bild hält: 1 ist normal, 0 ist aus</translation></message>
<message><source>The first of the steps in which the picture acts</source><translation>Der erste der Schritte, in denen das Bild wirkt</translation></message>
<message><source>The last of the steps in which the picture acts
Early steps decide the layout.</source><translation>Der letzte der Schritte, in denen das Bild wirkt
Frühe Schritte bestimmen die Anordnung.</translation></message>
<message><source>Control picture {name}</source><translation>Vorlage {name}</translation></message>
<message><source>First that fits</source><translation>Das erste passende</translation></message>
<message><source>Choose Control Pictures</source><translation>Kontrollbilder wählen</translation></message>
<message><source>Outlines of the paint</source><translation>Umrisse der Bemalung</translation></message>
<message><source>Control picture…</source><translation>Vorlage…</translation></message>
<message><source>From paint</source><translation>Aus Bemalung</translation></message>
<message><source>Follow the outlines of the paint, like a sketch</source><translation>Sich an die Umrisse des Gemalten halten wie an eine Skizze</translation></message>
<message><source>A scene holds at most {max_controls} control pictures: remove one first</source><translation>Eine Szene fasst höchstens {max_controls} Vorlagen: erst eine entfernen</translation></message>
<message><source>A picture whose shapes the result follows, through a ControlNet. Drop one here, or choose one</source><translation>Ein Bild, an dessen Formen sich das Ergebnis durch ein ControlNet hält. Hierher ziehen oder eines wählen</translation></message>
<message><source>Import Colour Map</source><translation>Farbkarte importieren</translation></message>
<message><source>As it is</source><translation>Wie sie ist</translation></message>
<message><source>Fill in what these colours mean elsewhere</source><translation>Ergänzen, was diese Farben anderswo bedeuten</translation></message>
<message><source>Prompt; missing phrases are added at the end</source><translation>Prompt; Wortgruppen, die ihm fehlen, werden angehängt</translation></message>
<message><source>Load Table…</source><translation>Tabelle laden …</translation></message>
<message><source>Fill in what a file says about the colours, such as a table of paint-with-words-sd</source><translation>Eintragen, was eine Datei über die Farben sagt, etwa eine Tabelle von paint-with-words-sd</translation></message>
<message><source>Import</source><translation>Importieren</translation></message>
<message><source>Cancel</source><translation>Abbrechen</translation></message>
<message><source>Colour</source><translation>Farbe</translation></message>
<message><source>Each colour with words becomes a painted word. Leave the words empty to leave it out.</source><translation>Jede Farbe mit Wörtern wird ein bemaltes Wort. Was keine Wörter hat, bleibt weg.</translation></message>
<message><source>Strength of {value}</source><translation>Stärke von {value}</translation></message>
<message><source>Exported {value}</source><translation>{value} exportiert</translation></message>
<message><source>Saved {name}</source><translation>{name} gespeichert</translation></message>
<message><source>Exported {name}</source><translation>{name} exportiert</translation></message>
<message><source>Save the changes to this scene?</source><translation>Die Änderungen an dieser Szene speichern?</translation></message>
<message><source>If you do not save, changes since the last save are lost. Finished pictures are kept.</source><translation>Ohne Speichern gehen die Änderungen seit dem letzten Speichern verloren. Fertige Bilder bleiben erhalten.</translation></message>
<message><source>“{name}” was changed by another program.</source><translation>„{name}“ wurde von einem anderen Programm geändert.</translation></message>
<message><source>Saving here replaces what that program wrote. To keep both, save under another name.</source><translation>Speichern ersetzt, was jenes Programm geschrieben hat. Um beides zu behalten, unter einem anderen Namen speichern.</translation></message>
<message><source>Save As…</source><translation>Speichern unter…</translation></message>
<message><source>Overwrite</source><translation>Überschreiben</translation></message>
<message><source>Export the picture as “{name}”, or save the scene?</source><translation>Das Bild als „{name}“ exportieren oder die Szene speichern?</translation></message>
<message><source>Save {name}</source><translation>{name} speichern</translation></message>
<message><source>“{name}” is open in another Wordbrush window.</source><translation>„{name}“ ist in einem anderen Wordbrush-Fenster offen.</translation></message>
<message><source>Open a copy here, to be saved under its own name?</source><translation>Hier eine Kopie öffnen, die unter eigenem Namen gespeichert wird?</translation></message>
<message><source>Open a Copy</source><translation>Kopie öffnen</translation></message>
<message><source>Wordbrush</source><translation>Wordbrush</translation></message>
<message><source>Only a scene (.ora) keeps the prompt, the paint and the settings. Pictures are written by File &gt; Export.</source><translation>Nur eine Szene (.ora) behält Prompt, Bemalung und Einstellungen. Bilder schreibt Datei &gt; Exportieren.</translation></message>
<message><source>Export {name}</source><translation>{name} exportieren</translation></message>
<message><source>Open</source><translation>Öffnen</translation></message>
<message><source>Export</source><translation>Exportieren</translation></message>
<message><source>Open a Model Folder</source><translation>Modellordner öffnen</translation></message>
<message><source>Open a Model File</source><translation>Modelldatei öffnen</translation></message>
<message><source>Models (*.safetensors *.sft *.SAFETENSORS *.SFT);;All files (*)</source><translation>Modelle (*.safetensors *.sft *.SAFETENSORS *.SFT);;Alle Dateien (*)</translation></message>
<message><source>Export Picture</source><translation>Bild exportieren</translation></message>
<message><source>Save Scene</source><translation>Szene speichern</translation></message>
<message><source>A PSD has the picture and the layers.</source><translation>Eine PSD-Datei enthält das Bild und die Ebenen.</translation></message>
<message><source>today at {clock}</source><translation>heute um {clock}</translation></message>
<message><source>on {day} {when} at {clock}</source><translation>am {day}. {when} um {clock}</translation></message>
<message><source>Recover Unsaved Scenes</source><translation>Ungespeicherte Szenen wiederherstellen</translation></message>
<message><source>Close</source><translation>Schließen</translation></message>
<message><source>Wordbrush closed unexpectedly. Restore “{title}”?</source><translation>Wordbrush wurde unerwartet beendet. „{title}“ wiederherstellen?</translation></message>
<message><source>It was saved automatically {spoken_time}.</source><translation>Automatisch gespeichert {spoken_time}.</translation></message>
<message><source>Kept {spoken_time}</source><translation>Gesichert {spoken_time}</translation></message>
<message><source>Restore</source><translation>Wiederherstellen</translation></message>
<message><source>Discard</source><translation>Verwerfen</translation></message>
<message><source>Wordbrush closed unexpectedly. {count} unsaved scenes were kept.</source><translation>Wordbrush wurde unerwartet beendet. {count} ungespeicherte Szenen sind erhalten.</translation></message>
<message><source>See them, and restore or discard each.</source><translation>Sieh sie dir an und stelle jede wieder her oder verwirf sie.</translation></message>
<message><source>Those that you leave are offered again at the next start, and in the File menu.</source><translation>Was hier liegen bleibt, wird beim nächsten Start wieder angeboten, und im Menü Datei.</translation></message>
<message><source>There is none: nothing was lost.</source><translation>Es gibt keine: nichts ist verloren gegangen.</translation></message>
<message><source>Show Them…</source><translation>Anzeigen…</translation></message>
<message><source>likeness: {score}</source><translation>Ähnlichkeit: {score}</translation></message>
<message><source>Nothing was found. The starter sees only the names that it knows; other words are found in file names.</source><translation>Nichts gefunden. Der Starter sieht nur die Namen, die er kennt; andere Wörter werden in Dateinamen gesucht.</translation></message>
<message><source>by its name</source><translation>nach seinem Namen</translation></message>
<message><source>This model's image encoder reads no words, so only file names were searched. You can search by a picture. With a whole CLIP in a folder named clip_vision beside the models, words work too.</source><translation>Der Bild-Encoder dieses Modells liest keine Wörter, deshalb wurden nur Dateinamen durchsucht. Nach einem Bild kann gesucht werden. Mit einem ganzen CLIP in einem Ordner namens clip_vision neben den Modellen gehen auch Wörter.</translation></message>
<message><source>Choose a Folder With Pictures</source><translation>Ordner mit Bildern wählen</translation></message>
<message><source>Find Pictures Like This One</source><translation>Ähnliche Bilder suchen</translation></message>
<message><source>Pictures (*.png *.jpg *.jpeg *.webp *.bmp *.gif *.tif *.tiff)</source><translation>Bilder (*.png *.jpg *.jpeg *.webp *.bmp *.gif *.tif *.tiff)</translation></message>
<message><source>{count} pictures, the nearest first.</source><translation>{count} Bilder, das ähnlichste zuerst.</translation></message>
<message><source>Pictures in the folder: {count}.</source><translation>Bilder im Ordner: {count}.</translation></message>
<message><source>The pictures are read once, and what is noted about them stays on this computer.</source><translation>Die Bilder werden einmal gelesen, und was dabei notiert wird, bleibt auf diesem Rechner.</translation></message>
<message><source>There is no picture on the canvas yet.</source><translation>Auf der Leinwand ist noch kein Bild.</translation></message>
<message><source>“{word}” takes its look from “{name}”.</source><translation>„{word}“ übernimmt das Aussehen von „{name}“.</translation></message>
<message><source>Files that cannot be read as pictures: {count}.</source><translation>Dateien, die sich nicht als Bild lesen lassen: {count}.</translation></message>
<message><source>Folders that cannot be read: {names}.</source><translation>Ordner, die sich nicht lesen lassen: {names}.</translation></message>
<message><source>The index could not be written, so they are read again next time.</source><translation>Der Index ließ sich nicht schreiben, deshalb werden sie nächstes Mal neu gelesen.</translation></message>
<message><source>Pictures cannot be searched with this executor.</source><translation>Mit dieser Ausführung lassen sich keine Bilder durchsuchen.</translation></message>
<message><source>One picture.</source><translation>Ein Bild.</translation></message>
<message><source>Nothing was found.</source><translation>Nichts gefunden.</translation></message>
<message><source>Find in My Pictures</source><translation>In meinen Bildern suchen</translation></message>
<message><source>Words, such as: old lighthouse – or drop a picture here</source><translation>Wörter, etwa: old lighthouse – oder ein Bild hierher ziehen</translation></message>
<message><source>What the pictures show</source><translation>Was die Bilder zeigen</translation></message>
<message><source>Like the Canvas</source><translation>Wie die Leinwand</translation></message>
<message><source>Like a Picture…</source><translation>Wie ein Bild…</translation></message>
<message><source>Choose Folder…</source><translation>Ordner wählen…</translation></message>
<message><source>Look Again</source><translation>Neu lesen</translation></message>
<message><source>Pictures that were found</source><translation>Gefundene Bilder</translation></message>
<message><source>Reading pictures</source><translation>Bilder werden gelesen</translation></message>
<message><source>Use as a Style</source><translation>Als Stil nehmen</translation></message>
<message><source>In {folder}</source><translation>In {folder}</translation></message>
<message><source>Choose a folder with pictures.</source><translation>Wähle einen Ordner mit Bildern.</translation></message>
<message><source>Use for “{word}”</source><translation>Für „{word}“ nehmen</translation></message>
<message><source>Find More Like This</source><translation>Ähnliche suchen</translation></message>
<message><source>Find pictures like the one on the canvas</source><translation>Bilder suchen, die dem auf der Leinwand ähneln</translation></message>
<message><source>Read pictures that are new or have changed</source><translation>Neue und geänderte Bilder lesen</translation></message>
<message><source>Take the nearest for painted words that the model does not know</source><translation>Für gemalte Wörter, die das Modell nicht kennt, das ähnlichste nehmen</translation></message>
<message><source>Reading pictures: {done} of {total}</source><translation>Bilder werden gelesen: {done} von {total}</translation></message>
<message><source>Pictures taken as the look of {words}: {names}. Undo removes them.</source><translation>Bilder als Aussehen von {words}: {names}. Rückgängig nimmt sie wieder weg.</translation></message>
<message><source>Loading {what}…</source><translation>Wird geladen: {what}…</translation></message>
<message><source>Cancelling…</source><translation>Wird abgebrochen…</translation></message>
<message><source>Cancelled</source><translation>Abgebrochen</translation></message>
<message><source>Starting…</source><translation>Beginnt…</translation></message>
<message><source>Ready</source><translation>Bereit</translation></message>
<message><source>{which}Step {index} of {total} · {who}{time_left}</source><translation>{which}Schritt {index} von {total} · {who}{time_left}</translation></message>
<message><source>{what} in {seconds} s · {step_ms} ms a step</source><translation>{what} in {seconds} s · {step_ms} ms pro Schritt</translation></message>
<message><source>{title} · Step {index} of {total} · {time_left}</source><translation>{title} · Schritt {index} von {total} · {time_left}</translation></message>
<message><source>Picture {value} of {count} · </source><translation>Bild {value} von {count} · </translation></message>
<message><source>{what} in {seconds} s · see Results</source><translation>{what} in {seconds} s · in den Ergebnissen</translation></message>
<message><source>{what} in {seconds} s</source><translation>{what} in {seconds} s</translation></message>
<message><source>{value} · {waiting} more waiting</source><translation>{value} · {waiting} in der Warteschlange</translation></message>
<message><source>Live</source><translation>Live</translation></message>
<message><source>Done</source><translation>Fertig</translation></message>
<message><source>{round} min left</source><translation>noch {round} min</translation></message>
<message><source>about {round} min</source><translation>etwa {round} min</translation></message>
<message><source>under a second left</source><translation>noch unter einer Sekunde</translation></message>
<message><source>{round} s left</source><translation>noch {round} s</translation></message>
<message><source>under a second</source><translation>unter einer Sekunde</translation></message>
<message><source>about {round} s</source><translation>etwa {round} s</translation></message>
<message><source>“{value}” is in the list.</source><translation>„{value}“ ist in der Liste.</translation></message>
<message><source>{count} models are in the list.</source><translation>{count} Modelle sind in der Liste.</translation></message>
<message><source>Checking “{name}”</source><translation>„{name}“ wird geprüft</translation></message>
<message><source>Remove “{name}”?</source><translation>„{name}“ entfernen?</translation></message>
<message><source>Download “{name}”?</source><translation>„{name}“ herunterladen?</translation></message>
<message><source>Download</source><translation>Herunterladen</translation></message>
<message><source>The models of this executor cannot be changed from here.</source><translation>Die Modelle dieser Maschine lassen sich von hier aus nicht ändern.</translation></message>
<message><source>Delete</source><translation>Löschen</translation></message>
<message><source>Remove</source><translation>Entfernen</translation></message>
<message><source>Wait for the running task, or cancel it first.</source><translation>Warte auf das, was gerade läuft, oder brich es erst ab.</translation></message>
<message><source>Asking for {source}</source><translation>Anfrage nach {source}</translation></message>
<message><source>Downloading “{name}”</source><translation>„{name}“ wird heruntergeladen</translation></message>
<message><source>“{name}” is installed.</source><translation>„{name}“ ist da.</translation></message>
<message><source>“{name}” was removed.</source><translation>„{name}“ ist entfernt.</translation></message>
<message><source>Installed models</source><translation>Installierte Modelle</translation></message>
<message><source>Get Missing Files…</source><translation>Fehlendes holen…</translation></message>
<message><source>Use</source><translation>Verwenden</translation></message>
<message><source>Check and Calibrate</source><translation>Prüfen und kalibrieren</translation></message>
<message><source>Remove…</source><translation>Entfernen…</translation></message>
<message><source>Add File…</source><translation>Datei hinzufügen…</translation></message>
<message><source>Add Folder…</source><translation>Ordner hinzufügen…</translation></message>
<message><source>ORG/NAME on huggingface.co, or the https address of a .safetensors file</source><translation>ORG/NAME auf huggingface.co, oder die https-Adresse einer .safetensors-Datei</translation></message>
<message><source>Model to download</source><translation>Modell zum Herunterladen</translation></message>
<message><source>Download…</source><translation>Herunterladen…</translation></message>
<message><source>Stay offline</source><translation>Nicht ins Netz gehen</translation></message>
<message><source>It ships with Wordbrush.</source><translation>Es wird mit Wordbrush geliefert.</translation></message>
<message><source>It is in the models folder.</source><translation>Es liegt im Modellordner.</translation></message>
<message><source>It is used in place.</source><translation>Es wird verwendet, wo es liegt.</translation></message>
<message><source>It is in the Hub's cache and is used from there.</source><translation>Es liegt im Cache des Hubs und wird dort verwendet.</translation></message>
<message><source> Downloaded from {source}.</source><translation> Heruntergeladen von {source}.</translation></message>
<message><source>Its files are deleted; they can be downloaded again.</source><translation>Seine Dateien werden gelöscht; sie lassen sich wieder herunterladen.</translation></message>
<message><source>Its files stay where they are.</source><translation>Seine Dateien bleiben, wo sie sind.</translation></message>
<message><source>All models of {program} are taken off the list. Their files stay where they are.</source><translation>Alle Modelle von {program} werden aus der Liste genommen. Ihre Dateien bleiben, wo sie sind.</translation></message>
<message><source>Looking through the model files…</source><translation>Die Modelldateien werden durchgesehen…</translation></message>
<message><source>missing: {value}</source><translation>fehlt: {value}</translation></message>
<message><source>Calibrated on this machine: paint weight {paint_weight}.</source><translation>Auf dieser Maschine kalibriert: Malgewicht {paint_weight}.</translation></message>
<message><source>Missing: {value}.</source><translation>Fehlt: {value}.</translation></message>
<message><source>The scene uses “{name}” now.</source><translation>Die Szene verwendet jetzt „{name}“.</translation></message>
<message><source>Wordbrush did not download this model, so it does not delete it: {path}</source><translation>Wordbrush hat dieses Modell nicht heruntergeladen und löscht es deshalb nicht: {path}</translation></message>
<message><source>Add a Model Folder</source><translation>Modellordner hinzufügen</translation></message>
<message><source>Add a Model File</source><translation>Modelldatei hinzufügen</translation></message>
<message><source>Models (*.safetensors *.sft *.gguf);;Lists of model folders (*.yaml *.yml);;All files (*)</source><translation>Modelle (*.safetensors *.sft *.gguf);;Listen von Modellordnern (*.yaml *.yml);;Alle Dateien (*)</translation></message>
<message><source>cannot be used</source><translation>nicht verwendbar</translation></message>
<message><source>ready</source><translation>bereit</translation></message>
<message><source>Open LoRA Files</source><translation>LoRA-Dateien öffnen</translation></message>
<message><source>LoRA files</source><translation>LoRA-Dateien</translation></message>
<message><source>Remove this LoRA</source><translation>Diese LoRA entfernen</translation></message>
<message><source>Weight</source><translation>Gewicht</translation></message>
<message><source>How strongly it changes the model: 1 is what it was trained for, 0 nothing</source><translation>Wie stark sie das Modell verändert: 1 ist, wofür sie trainiert wurde, 0 nichts</translation></message>
<message><source>Only for the word</source><translation>Nur für das Wort</translation></message>
<message><source>The word in whose paint alone it acts</source><translation>Das Wort, in dessen Bemalung allein sie wirkt</translation></message>
<message><source>LoRA {name}</source><translation>LoRA {name}</translation></message>
<message><source>Use {name}</source><translation>{name} verwenden</translation></message>
<message><source>Weight of {name}</source><translation>Gewicht von {name}</translation></message>
<message><source>Sets the steps to {steps} and the sampler to {sampler}</source><translation>Setzt die Schritte auf {steps} und den Sampler auf {sampler}</translation></message>
<message><source>Used in the prompt</source><translation>Im Prompt aufgerufen</translation></message>
<message><source>It lets the model work in few steps:</source><translation>Damit arbeitet das Modell in wenigen Schritten:</translation></message>
<message><source>Its words:</source><translation>Ihre Wörter:</translation></message>
<message><source>Use {steps} steps, {sampler}</source><translation>{steps} Schritte, {sampler} nehmen</translation></message>
<message><source>, and the guidance to {guidance}</source><translation>, und die Prompttreue auf {guidance}</translation></message>
<message><source>Write {value}</source><translation>{value} schreiben</translation></message>
<message><source>Switch it off</source><translation>Ausschalten</translation></message>
<message><source>Switch it on</source><translation>Einschalten</translation></message>
<message><source>Only for</source><translation>Nur für</translation></message>
<message><source>“{value}” is in the prompt</source><translation>„{value}“ steht im Prompt</translation></message>
<message><source>Write “{value}” into the prompt</source><translation>„{value}“ in den Prompt schreiben</translation></message>
<message><source>Add LoRA…</source><translation>LoRA hinzufügen…</translation></message>
<message><source>A scene holds at most {max_loras} LoRA files: remove one first</source><translation>Eine Szene fasst höchstens {max_loras} LoRA-Dateien: erst eine entfernen</translation></message>
<message><source>A small file that teaches the model a style, a person or a thing. Drop one here, or choose one</source><translation>Eine kleine Datei, die dem Modell einen Stil, eine Person oder ein Ding beibringt. Hierher ziehen oder eine wählen</translation></message>
<message><source>Add a LoRA</source><translation>LoRA hinzufügen</translation></message>
<message><source>Part of its name, or of its words</source><translation>Ein Teil ihres Namens oder ihrer Wörter</translation></message>
<message><source>Search LoRA files</source><translation>LoRA-Dateien suchen</translation></message>
<message><source>Open File…</source><translation>Datei öffnen…</translation></message>
<message><source>Looking into the folders of LoRA files…</source><translation>Die Ordner mit LoRA-Dateien werden durchgesehen…</translation></message>
<message><source>{name} (cannot be used)</source><translation>{name} (nicht verwendbar)</translation></message>
<message><source>No name contains this.</source><translation>Keine davon hat das im Namen.</translation></message>
<message><source>No LoRA files were found. Open one from anywhere, or add the folder of ComfyUI, Forge or A1111 to the models.</source><translation>Keine LoRA-Dateien gefunden. Öffne eine von irgendwo, oder füge den Ordner von ComfyUI, Forge oder A1111 bei den Modellen hinzu.</translation></message>
<message><source>Its word is gone, so it does nothing. Choose another, or the whole picture.</source><translation>Ihr Wort ist weg, deshalb wirkt sie nicht. Wähle ein anderes oder das ganze Bild.</translation></message>
<message><source>Paint “{phrase}” on the canvas: it acts there alone.</source><translation>Male „{phrase}“ auf die Leinwand: nur dort wirkt sie.</translation></message>
<message><source>{called} takes no LoRA files.</source><translation>{called} nimmt keine LoRA-Dateien.</translation></message>
<message><source>It was made for {made_for} and does not fit {model}.</source><translation>Sie wurde für {made_for} gemacht und passt nicht zu: {model}.</translation></message>
<message><source>nothing to do</source><translation>nichts zu tun</translation></message>
<message><source>one runs, {count} wait</source><translation>eins läuft, {count} warten</translation></message>
<message><source>one runs</source><translation>eins läuft</translation></message>
<message><source>connecting…</source><translation>verbindet …</translation></message>
<message><source>connected</source><translation>verbunden</translation></message>
<message><source>not reached, trying again</source><translation>nicht erreicht, neuer Versuch läuft</translation></message>
<message><source>refused</source><translation>abgewiesen</translation></message>
<message><source>A machine in the network asks for its token: “wordbrush serve” shows it there.</source><translation>Ein Rechner im Netz verlangt seinen Schlüssel: „wordbrush serve“ zeigt ihn dort.</translation></message>
<message><source>“{name}” was added.</source><translation>„{name}“ wurde hinzugefügt.</translation></message>
<message><source>This computer</source><translation>Dieser Computer</translation></message>
<message><source>Machines</source><translation>Rechner</translation></message>
<message><source>Choose…</source><translation>Wählen…</translation></message>
<message><source>Add a machine</source><translation>Einen Rechner hinzufügen</translation></message>
<message><source>What you call it</source><translation>Wie Sie ihn nennen</translation></message>
<message><source>Token</source><translation>Schlüssel</translation></message>
<message><source>As “wordbrush serve” showed it; not for this computer</source><translation>Wie ihn „wordbrush serve“ gezeigt hat; nicht für diesen Computer</translation></message>
<message><source>Certificate</source><translation>Zertifikat</translation></message>
<message><source>Previews</source><translation>Vorschauen</translation></message>
<message><source>A certificate to trust</source><translation>Ein Zertifikat, dem vertraut wird</translation></message>
<message><source>Start “wordbrush serve” on a machine with a better GPU, and add it here. Pictures are then made there, with its models. Nothing is sent to any machine that you have not added.</source><translation>Starten Sie „wordbrush serve“ auf einem Rechner mit besserer GPU, und fügen Sie ihn hier hinzu. Bilder werden dann dort gemacht, mit seinen Modellen. An Rechner, die Sie nicht hinzugefügt haben, wird nichts gesendet.</translation></message>
<message><source>in use, {state}</source><translation>in Gebrauch, {state}</translation></message>
<message><source>Models: {names}</source><translation>Modelle: {names}</translation></message>
<message><source>The same scene and seed ({seed}), read in three ways</source><translation>Dieselbe Szene mit demselben Seed ({seed}), auf drei Arten gelesen</translation></message>
<message><source>seed {seed}</source><translation>Seed {seed}</translation></message>
<message><source>CLIP alone</source><translation>Nur CLIP</translation></message>
<message><source>T5 alone</source><translation>Nur T5</translation></message>
<message><source>Both</source><translation>Beide</translation></message>
<message><source>Results side by side</source><translation>Ergebnisse nebeneinander</translation></message>
<message><source>Use {title}</source><translation>{title} verwenden</translation></message>
<message><source>Comparison</source><translation>Vergleich</translation></message>
<message><source>Close the comparison (Esc)</source><translation>Den Vergleich schließen (Esc)</translation></message>
<message><source>Use this</source><translation>Dieses verwenden</translation></message>
<message><source>The one on the left</source><translation>Das linke Bild</translation></message>
<message><source>The one on the right</source><translation>Das rechte Bild</translation></message>
<message><source>{first} and {second}</source><translation>{first} und {second}</translation></message>
<message><source>preview only</source><translation>nur Vorschau</translation></message>
<message><source>This picture</source><translation>Dieses Bild</translation></message>
<message><source>same scene as yours</source><translation>dieselbe Szene wie deine</translation></message>
<message><source>no scene in this file</source><translation>keine Szene in dieser Datei</translation></message>
<message><source>Paint this word inside the white line, so that it stays there in the next picture</source><translation>Dieses Wort innerhalb der weißen Linie malen, damit es im nächsten Bild dort bleibt</translation></message>
<message><source>Keep it where it is</source><translation>Da behalten, wo es ist</translation></message>
<message><source>The white line shows what would be kept; the dashed line is the current paint.</source><translation>Die weiße Linie zeigt, was übernommen würde; die gestrichelte ist die jetzige Bemalung.</translation></message>
<message><source>“{phrase}” is painted where it was. Change its paint, or generate again.</source><translation>„{phrase}“ ist dort gemalt, wo es war. Ändere die Bemalung oder erzeuge noch einmal.</translation></message>
<message><source>There is no picture yet. Generate one to see where its words went.</source><translation>Es gibt noch kein Bild. Erzeuge eines, um zu sehen, wo seine Wörter gelandet sind.</translation></message>
<message><source>First point at a word in the prompt, or pick one.</source><translation>Zeige erst auf ein Wort im Prompt, oder wähle eines.</translation></message>
<message><source>“{phrase}” {where}.</source><translation>„{phrase}“ {where}.</translation></message>
<message><source>“{}” was not in the prompt of this picture.</source><translation>„{}“ stand nicht im Prompt dieses Bildes.</translation></message>
<message><source>Where “{}” went was not measured. Generate again to see it.</source><translation>Wo „{}“ gelandet ist, wurde nicht gemessen. Erzeuge noch einmal, um es zu sehen.</translation></message>
<message><source>went here before the picture was refined</source><translation>ist hier gelandet, bevor das Bild verfeinert wurde</translation></message>
<message><source>went here</source><translation>ist hier gelandet</translation></message>
<message><source>is spread over the whole picture</source><translation>verteilt sich über das ganze Bild</translation></message>
<message><source> so far</source><translation> bisher</translation></message>
<message><source>goes here</source><translation>landet hier</translation></message>
<message><source>Live pictures</source><translation>Live-Bilder</translation></message>
<message><source>Continue</source><translation>Weiter</translation></message>
<message><source>Keep making live pictures on battery</source><translation>Live-Bilder auch im Akkubetrieb machen</translation></message>
<message><source>Keep this picture</source><translation>Dieses Bild behalten</translation></message>
<message><source>Put the picture on the canvas in the results</source><translation>Das Bild auf der Leinwand in die Ergebnisse legen</translation></message>
<message><source>Record</source><translation>Aufnehmen</translation></message>
<message><source>Write every live picture to a folder</source><translation>Jedes Live-Bild in einen Ordner schreiben</translation></message>
<message><source>Stop recording</source><translation>Aufnahme beenden</translation></message>
<message><source>End the recording</source><translation>Die Aufnahme beenden</translation></message>
<message><source>Stop recording · {count}</source><translation>Aufnahme beenden · {count}</translation></message>
<message><source>Where the recording is kept</source><translation>Wo die Aufnahme aufbewahrt wird</translation></message>
<message><source>Recorded {count} pictures in {path}</source><translation>{count} Bilder aufgenommen in {path}</translation></message>
<message><source>Live: waiting for the brush</source><translation>Live: wartet auf den Pinsel</translation></message>
<message><source>Live: working</source><translation>Live: arbeitet</translation></message>
<message><source>Live: paused on battery</source><translation>Live: Pause im Akkubetrieb</translation></message>
<message><source>There is no live picture on the canvas to keep.</source><translation>Auf der Leinwand ist kein Live-Bild, das behalten werden könnte.</translation></message>
<message><source>Kept in the results</source><translation>In den Ergebnissen behalten</translation></message>
<message><source>{count} were left out because the disk was too slow.</source><translation>{count} wurden ausgelassen, da der Datenträger zu langsam war.</translation></message>
<message><source>{count} pictures a second</source><translation>{count} Bilder je Sekunde</translation></message>
<message><source>Nothing was recorded: no live picture came.</source><translation>Nichts wurde aufgenommen: es kam kein Live-Bild.</translation></message>
<message><source>A quick sketch of live mode, not in the results</source><translation>Eine schnelle Skizze aus dem Live-Modus, nicht in den Ergebnissen</translation></message>
<message><source>Use the prompt, paint and settings that made it (Enter or double-click in the results)</source><translation>Prompt, Bemalung und Einstellungen übernehmen, mit denen es entstand (Eingabe oder Doppelklick in den Ergebnissen)</translation></message>
<message><source>Open its scene</source><translation>Szene übernehmen</translation></message>
<message><source>Back</source><translation>Zurück</translation></message>
<message><source>Close this bar</source><translation>Diese Leiste schließen</translation></message>
<message><source>Go back to your own picture (Esc in the results)</source><translation>Zurück zum eigenen Bild (Esc in den Ergebnissen)</translation></message>
<message><source>Two pictures, one over the other</source><translation>Zwei Bilder übereinander</translation></message>
<message><source>Black is the same; on average they differ by {share} %</source><translation>Schwarz ist gleich; im Mittel unterscheiden sie sich um {share} %</translation></message>
<message><source>Words that the model knows</source><translation>Wörter, die das Modell kennt</translation></message>
<message><source>Strength of “{phrase}”: {strength}</source><translation>Stärke von „{phrase}“: {strength}</translation></message>
<message><source>“{phrase}” has strength {strength}: it acts where the word is painted.</source><translation>„{phrase}“ hat die Stärke {strength}: es wirkt, wo das Wort gemalt ist.</translation></message>
<message><source>Put the cursor on a word to change its strength.</source><translation>Setze die Schreibmarke auf ein Wort, um seine Stärke zu ändern.</translation></message>
<message><source>Taught</source><translation>Beigebracht</translation></message>
<message><source>Things</source><translation>Dinge</translation></message>
<message><source>Stuff</source><translation>Flächen</translation></message>
<message><source>In the Prompt</source><translation>Im Prompt</translation></message>
<message><source>Used Before</source><translation>Früher verwendet</translation></message>
<message><source>Add “{noun}”</source><translation>„{noun}“ hinzufügen</translation></message>
<message><source>Find something to paint</source><translation>Etwas zum Malen finden</translation></message>
<message><source>Palette</source><translation>Palette</translation></message>
<message><source>The model knows nothing called “{noun}”.</source><translation>Das Modell kennt nichts, das „{noun}“ heißt.</translation></message>
<message><source>This model understands any words. Type what to paint; what you have used is offered next time.</source><translation>Dieses Modell versteht alle Wörter. Hier eingeben, was gemalt werden soll; was Sie verwendet haben, wird beim nächsten Mal angeboten.</translation></message>
<message><source>{model} has not learnt “{word}”. It knows: {names}.</source><translation>{model} hat „{word}“ nicht gelernt. Bekannt sind: {names}.</translation></message>
<message><source>Negative prompt</source><translation>Negativer Prompt</translation></message>
<message><source>Make the pictures that wait in the queue</source><translation>Die Bilder machen, die in der Warteschlange stehen</translation></message>
<message><source>Progress</source><translation>Fortschritt</translation></message>
<message><source>Paused · {count} waiting</source><translation>Angehalten · {count} warten</translation></message>
<message><source>{keys} to generate</source><translation>{keys} erzeugt das Bild</translation></message>
<message><source>Paint this  ↵</source><translation>Das malen  ↵</translation></message>
<message><source>{tip}, or Enter</source><translation>{tip}, oder Eingabe</translation></message>
<message><source>Resume</source><translation>Fortsetzen</translation></message>
<message><source>Avoid: what should not be in the picture</source><translation>Vermeiden: was nicht im Bild sein soll</translation></message>
<message><source>Negative prompt: what should not be in the picture</source><translation>Negativer Prompt: was nicht im Bild sein soll</translation></message>
<message><source>{model} was trained without a negative prompt, so it has no effect.</source><translation>{model} wurde ohne negativen Prompt trainiert, er hat also keine Wirkung.</translation></message>
<message><source>This model takes no negative prompt</source><translation>Dieses Modell nimmt keinen negativen Prompt</translation></message>
<message><source>{why} What you wrote is kept for a model that reads it.</source><translation>{why} Was du geschrieben hast, bleibt für ein Modell erhalten, das es liest.</translation></message>
<message><source>Prompt</source><translation>Prompt</translation></message>
<message><source>Describe the picture, then click a word and paint where it should be</source><translation>Beschreibe das Bild, klicke dann ein Wort an und male, wo es sein soll</translation></message>
<message><source>Paint “{value}”</source><translation>„{value}“ malen</translation></message>
<message><source>Keep It Where It Is</source><translation>Dort behalten, wo es ist</translation></message>
<message><source>Close this hint</source><translation>Diesen Hinweis schließen</translation></message>
<message><source>It paints:</source><translation>Malen kann es:</translation></message>
<message><source>Show fewer</source><translation>Weniger zeigen</translation></message>
<message><source>Show all {count}</source><translation>Alle {count} zeigen</translation></message>
<message><source>{whole} It paints: {value}</source><translation>{whole} Es malt: {value}</translation></message>
<message><source>{style}It paints: {value}.</source><translation>{style}Es malt: {value}.</translation></message>
<message><source>use “{word}”</source><translation>„{word}“ nehmen</translation></message>
<message><source>Address of a Ray cluster (HOST:PORT, auto), or local for several workers on this machine:</source><translation>Adresse eines Ray-Clusters (HOST:PORT, auto), oder local für mehrere Arbeiter auf diesem Rechner:</translation></message>
<message><source>Queue: what is being made and what waits</source><translation>Warteschlange: was gerade entsteht und was wartet</translation></message>
<message><source>Pictures that still wait in the queue: {count}</source><translation>Bilder, die noch in der Warteschlange stehen: {count}</translation></message>
<message><source>Render the Queue on the Farm</source><translation>Warteschlange auf der Farm machen</translation></message>
<message><source>Queue, paused: press Resume to make what waits</source><translation>Warteschlange, angehalten: Fortsetzen macht, was wartet</translation></message>
<message><source>{count} more could not be read and were left out.</source><translation>{count} weitere waren nicht lesbar und wurden ausgelassen.</translation></message>
<message><source>{count} more wait for the newer Wordbrush that left them.</source><translation>{count} weitere warten auf das neuere Wordbrush, von dem sie stammen.</translation></message>
<message><source>The queue could not be restored completely.</source><translation>Die Warteschlange ist nicht vollständig zurückgekommen.</translation></message>
<message><source>Press Resume to make them. They come into Results.</source><translation>Mit „Fortsetzen“ werden sie gemacht. Sie kommen in die Ergebnisse.</translation></message>
<message><source>Move it up in the queue</source><translation>Früher machen</translation></message>
<message><source>Move it down in the queue</source><translation>Später machen</translation></message>
<message><source>Cancel it</source><translation>Abbrechen</translation></message>
<message><source>cancelling</source><translation>wird abgebrochen</translation></message>
<message><source>at the farm</source><translation>auf der Farm</translation></message>
<message><source>running</source><translation>läuft</translation></message>
<message><source>{what}, each time with a new seed</source><translation>{what}, jedes Mal mit anderem Seed</translation></message>
<message><source>The same scene again</source><translation>Dieselbe Szene noch einmal</translation></message>
<message><source>From picture</source><translation>Aus Bild</translation></message>
<message><source>Repaint</source><translation>Neu malen</translation></message>
<message><source>Vary</source><translation>Abwandeln</translation></message>
<message><source>Fill</source><translation>Füllen</translation></message>
<message><source>Refine</source><translation>Verfeinern</translation></message>
<message><source>Instruction</source><translation>Anweisung</translation></message>
<message><source>Compare</source><translation>Vergleichen</translation></message>
<message><source>The last request again, from the same picture</source><translation>Der letzte Auftrag noch einmal, aus demselben Bild</translation></message>
<message><source>The last repaint again, of the same place in the same picture</source><translation>Das letzte Neumalen noch einmal, an derselben Stelle desselben Bildes</translation></message>
<message><source>The last variation again, of the same picture</source><translation>Die letzte Variation noch einmal, vom selben Bild</translation></message>
<message><source>The last fill again, around the same picture</source><translation>Das letzte Füllen noch einmal, um dasselbe Bild</translation></message>
<message><source>The last refinement again, of the same picture</source><translation>Das letzte Verfeinern noch einmal, am selben Bild</translation></message>
<message><source>The last edit of words again</source><translation>Noch einmal dieselben Wörter ändern</translation></message>
<message><source>The last instruction again, for the same picture</source><translation>Die letzte Anweisung noch einmal, für dasselbe Bild</translation></message>
<message><source>The last grid again, all of it</source><translation>Das letzte Raster noch einmal, ganz</translation></message>
<message><source>The picture that is being made is finished; those that wait stay where they are</source><translation>Das Bild, das gerade entsteht, wird fertig; die wartenden bleiben, wo sie sind</translation></message>
<message><source>Nothing waits. Generate while a picture is being made adds one more.</source><translation>Nichts wartet. Erzeugen fügt eines hinzu, während ein Bild entsteht.</translation></message>
<message><source>Pause</source><translation>Anhalten</translation></message>
<message><source>Farm…</source><translation>Farm…</translation></message>
<message><source>Make what waits on several machines or GPUs at once, by a Ray cluster</source><translation>Was wartet, auf mehreren Rechnern oder GPUs zugleich machen, mit einem Ray-Cluster</translation></message>
<message><source>Cancel All</source><translation>Alle abbrechen</translation></message>
<message><source>+1 picture</source><translation>+1 Bild</translation></message>
<message><source>+{count} pictures</source><translation>+{count} Bilder</translation></message>
<message><source>Add a picture to the queue</source><translation>Ein Bild in die Warteschlange legen</translation></message>
<message><source>Add {count} pictures to the queue</source><translation>{count} Bilder in die Warteschlange legen</translation></message>
<message><source>Moved to the trash. The results menu puts it back.</source><translation>In den Papierkorb verschoben. Das Menü der Ergebnisse holt es zurück.</translation></message>
<message><source>“{name}” is back</source><translation>„{name}“ ist wieder da</translation></message>
<message><source>Chosen. Hold Ctrl and click another one, to compare the two.</source><translation>Ausgewählt. Klicke mit gedrückter Strg-Taste auf ein zweites, um beide zu vergleichen.</translation></message>
<message><source>Nothing has been deleted since Wordbrush started.</source><translation>Seit dem Start wurde nichts gelöscht.</translation></message>
<message><source>{count} results chosen: right-click one of them to compare them.</source><translation>{count} Ergebnisse ausgewählt: Ein Rechtsklick auf eines davon vergleicht sie.</translation></message>
<message><source>Exported {count} pictures to {path}</source><translation>{count} Bilder nach {path} exportiert</translation></message>
<message><source>Exporting: {number} of {count}</source><translation>Exportieren: {number} von {count}</translation></message>
<message><source>{count} could not be read any more.</source><translation>{count} konnten nicht mehr gelesen werden.</translation></message>
<message><source>Export Results</source><translation>Ergebnisse exportieren</translation></message>
<message><source>All listed ({count})</source><translation>Alle aufgeführten ({count})</translation></message>
<message><source>Starred ({count})</source><translation>Die mit Stern ({count})</translation></message>
<message><source>Filled in: {prompt}, {seed}, {n} for a number, {date}</source><translation>Eingesetzt werden: {prompt}, {seed}, {n} für eine Nummer, {date}</translation></message>
<message><source>With scene and settings</source><translation>Mit Szene und Einstellungen</translation></message>
<message><source>Which</source><translation>Welche</translation></message>
<message><source>Names</source><translation>Namen</translation></message>
<message><source>As</source><translation>Als</translation></message>
<message><source>Folder</source><translation>Ordner</translation></message>
<message><source>Where the pictures go</source><translation>Wohin die Bilder kommen</translation></message>
<message><source>For example: {name}</source><translation>Zum Beispiel: {name}</translation></message>
<message><source>There is no such folder.</source><translation>Diesen Ordner gibt es nicht.</translation></message>
<message><source>chosen to compare</source><translation>zum Vergleichen ausgewählt</translation></message>
<message><source>starred</source><translation>mit Stern</translation></message>
<message><source>on the canvas</source><translation>auf der Leinwand</translation></message>
<message><source>Click: look at it (your scene does not change)
Double-click or Enter: open its scene (undo brings yours back)
Ctrl+click two or more: compare them, by a right click</source><translation>Klick: ansehen (deine Szene ändert sich nicht)
Doppelklick oder Eingabe: seine Szene öffnen („Rückgängig“ bringt deine zurück)
Strg+Klick auf zwei oder mehr: mit einem Rechtsklick vergleichen</translation></message>
<message><source>Show on the Canvas</source><translation>Auf der Leinwand zeigen</translation></message>
<message><source>Open Its Scene</source><translation>Seine Szene öffnen</translation></message>
<message><source>Note…</source><translation>Notiz…</translation></message>
<message><source>Compare the {count} Chosen Ones</source><translation>Die {count} ausgewählten vergleichen</translation></message>
<message><source>Use Its Look as a Style</source><translation>Sein Aussehen als Stil verwenden</translation></message>
<message><source>Keep as a Layer</source><translation>Als Ebene behalten</translation></message>
<message><source>Show in Folder</source><translation>Im Ordner zeigen</translation></message>
<message><source>Note</source><translation>Notiz</translation></message>
<message><source>Anything to remember about this picture; the search finds it</source><translation>Was man sich zu diesem Bild merken will; die Suche findet es</translation></message>
<message><source>Press Generate: every picture you make is kept here, with the scene that made it.
Click one to look at it; double-click it, or press Enter, to open its scene.</source><translation>Drücke Erzeugen: hier bleibt jedes Bild, mit der Szene, aus der es entstand.
Ein Klick zeigt es; ein Doppelklick oder die Eingabetaste öffnet seine Szene.</translation></message>
<message><source>Remove Star</source><translation>Stern entfernen</translation></message>
<message><source>Add Star</source><translation>Stern geben</translation></message>
<message><source>Compare Side by Side</source><translation>Nebeneinander vergleichen</translation></message>
<message><source>Put Back What Was Deleted</source><translation>Gelöschtes zurückholen</translation></message>
<message><source>Search results</source><translation>Ergebnisse suchen</translation></message>
<message><source>Search prompts and notes</source><translation>Prompts und Notizen suchen</translation></message>
<message><source>Search the results</source><translation>Die Ergebnisse durchsuchen</translation></message>
<message><source>Starred only</source><translation>Nur mit Stern</translation></message>
<message><source>Export…</source><translation>Exportieren…</translation></message>
<message><source>Save the listed results to a folder, under names you choose</source><translation>Die aufgeführten Ergebnisse unter eigenen Namen in einen Ordner schreiben</translation></message>
<message><source>{number} of {count}</source><translation>{number} von {count}</translation></message>
<message><source>Stop exporting</source><translation>Export anhalten</translation></message>
<message><source>The canvas has {width} × {height} pixels, and what you make anew comes that small. This makes the canvas as large as the picture, with its paint, colours and guides.</source><translation>Die Leinwand hat {width} × {height} Pixel, und was Sie neu machen, wird so klein. Dies macht die Leinwand so groß wie das Bild, mit dem Gemalten, den Farben und Hilfslinien.</translation></message>
<message><source>What the Model Sees Around It</source><translation>Was das Modell ringsum sieht</translation></message>
<message><source>Keep to the Shape Exactly</source><translation>Die Form genau einhalten</translation></message>
<message><source>Vary the Whole Picture</source><translation>Das ganze Bild abwandeln</translation></message>
<message><source>Edit Words in Detail…</source><translation>Wörter im Einzelnen ändern …</translation></message>
<message><source>Canvas to {width} × {height}</source><translation>Leinwand auf {width} × {height}</translation></message>
<message><source>Refine…</source><translation>Verfeinern…</translation></message>
<message><source>Extend…</source><translation>Erweitern…</translation></message>
<message><source>More ways to redo it, and this bar</source><translation>Weitere Arten, es neu zu machen, und diese Leiste</translation></message>
<message><source>The whole picture</source><translation>Das ganze Bild</translation></message>
<message><source>The picture has {width} × {height} pixels; the result is as large as the canvas: {own_width} × {own_height}.</source><translation>Das Bild hat {width} × {height} Pixel; das Ergebnis wird so groß wie die Leinwand: {own_width} × {own_height}.</translation></message>
<message><source>The selection</source><translation>Die Auswahl</translation></message>
<message><source>The edited words</source><translation>Die geänderten Wörter</translation></message>
<message><source>What is new</source><translation>Das Neue</translation></message>
<message><source>Where “{word}” is</source><translation>Wo „{word}“ ist</translation></message>
<message><source>Select a part of the picture, or choose a word that has paint: that is what is redone.</source><translation>Einen Teil des Bildes auswählen oder ein bemaltes Wort wählen: das wird neu gemacht.</translation></message>
<message><source>There is no picture to work on yet. Generate one, or open one, first.</source><translation>Es gibt noch kein Bild, an dem man arbeiten kann. Erst eines erzeugen oder öffnen.</translation></message>
<message><source>It started from a picture of {width} × {height} pixels; give the canvas that size first.</source><translation>Es begann mit einem Bild von {width} × {height} Pixeln; zuerst der Leinwand diese Größe geben.</translation></message>
<message><source>It goes into the results, as the scene on the canvas is a different one.</source><translation>Es kommt in die Ergebnisse: die Szene auf der Leinwand ist eine andere.</translation></message>
<message><source>Redo it; everything else stays exactly as it is</source><translation>Es neu machen; alles andere bleibt bis aufs Bit, wie es ist</translation></message>
<message><source>It fills exactly this shape.</source><translation>Es füllt genau diese Form.</translation></message>
<message><source>It comes as large as the canvas: {width} × {height}.</source><translation>Es wird so groß wie die Leinwand: {width} × {height}.</translation></message>
<message><source>It started from noise: open its scene, and Generate makes it again.</source><translation>Es begann mit Rauschen: seine Szene öffnen, und Erzeugen macht es noch einmal.</translation></message>
<message><source>The picture that it started from is not in its file.</source><translation>Das Bild, mit dem es begann, liegt nicht in seiner Datei.</translation></message>
<message><source>Fill the new part to match the picture</source><translation>Das Neue passend zum Bild füllen</translation></message>
<message><source>Make the edited words and keep the picture</source><translation>Die geänderten Wörter malen und das Bild behalten</translation></message>
<message><source>at once</source><translation>sofort</translation></message>
<message><source>{count} tiles</source><translation>{count} Kacheln</translation></message>
<message><source>Edit Words</source><translation>Wörter ändern</translation></message>
<message><source>The picture was made with: {prompt}</source><translation>Das Bild entstand mit: {prompt}</translation></message>
<message><source>Words kept</source><translation>Wörter bleiben</translation></message>
<message><source>For how much of the run words keep their places: little lets the new word find its own</source><translation>Wie lange im Lauf Wörter ihren Ort behalten: wenig lässt das neue Wort seinen eigenen finden</translation></message>
<message><source>Shapes kept</source><translation>Formen bleiben</translation></message>
<message><source>For how much of the run shapes are kept: little lets the new word have its own</source><translation>Wie lange im Lauf Formen bleiben: wenig lässt dem neuen Wort seine eigene</translation></message>
<message><source>More or less of each word, without changing the prompt:</source><translation>Mehr oder weniger von jedem Wort, ohne den Prompt zu ändern:</translation></message>
<message><source>How much of the word there is: 1 is as it was, 0 is none of it, below 0 its opposite</source><translation>Wie viel von dem Wort da ist: 1 ist wie bisher, 0 ist nichts davon, unter 0 das Gegenteil</translation></message>
<message><source>Words that touch an edge grow beyond it: a sky or a lake up to the new edge, a thing such as a house only a little. Undo takes it back together with the larger canvas.</source><translation>Wörter, die einen Rand berühren, wachsen über ihn hinaus: ein Himmel oder See bis zum neuen Rand, ein Ding wie ein Haus nur ein wenig. „Rückgängig“ nimmt es zusammen mit der größeren Leinwand zurück.</translation></message>
<message><source>The new canvas; the four numbers beside it say the same</source><translation>Die künftige Leinwand; die vier Zahlen daneben sagen dasselbe</translation></message>
<message><source>Extend the Canvas</source><translation>Leinwand erweitern</translation></message>
<message><source>The picture has {width} × {height} pixels. It is scaled to its place on the canvas ({own_width} × {own_height}) when the new part is filled.</source><translation>Das Bild hat {width} × {height} Pixel. Es wird auf seinen Platz auf der Leinwand ({own_width} × {own_height}) verkleinert, wenn das Neue gefüllt wird.</translation></message>
<message><source>Extend</source><translation>Erweitern</translation></message>
<message><source>{width} × {height} pixels become {new_width} × {new_height}</source><translation>Aus {width} × {height} Pixeln werden {new_width} × {new_height}</translation></message>
<message><source>Let the paint at the edges continue</source><translation>Farbe an den Rändern weiterführen</translation></message>
<message><source>Grid {number} of {count}</source><translation>Raster {number} von {count}</translation></message>
<message><source>Seeds</source><translation>Seeds</translation></message>
<message><source>Words in place of “{word}”</source><translation>Wörter anstelle von „{word}“</translation></message>
<message><source>Strengths of “{word}”</source><translation>Stärken von „{word}“</translation></message>
<message><source>strength {value}</source><translation>Stärke {value}</translation></message>
<message><source>Write what the picture should show first.</source><translation>Erst schreiben, was das Bild zeigen soll.</translation></message>
<message><source>The sheet of {count} pictures is in the results</source><translation>Der Bogen mit {count} Bildern ist in den Ergebnissen</translation></message>
<message><source>None: a single row</source><translation>Keine: eine einzige Zeile</translation></message>
<message><source>Make the grid</source><translation>Raster machen</translation></message>
<message><source>{count} pictures, and a sheet of all of them</source><translation>{count} Bilder und ein Bogen mit allen</translation></message>
<message><source>Values of {what}</source><translation>Werte für {what}</translation></message>
<message><source>how many, or which: 4, or 7, 8, 9</source><translation>wie viele oder welche: 4 oder 7, 8, 9</translation></message>
<message><source>cat, dog, tall tower</source><translation>Katze, Hund, hoher Turm</translation></message>
<message><source>Columns</source><translation>Spalten</translation></message>
<message><source>Rows</source><translation>Zeilen</translation></message>
<message><source>Columns and rows are the same: choose something else for one of them.</source><translation>Spalten und Zeilen sind gleich: für eines davon etwas anderes wählen.</translation></message>
<message><source>values separated by commas</source><translation>Werte, durch Kommas getrennt</translation></message>
<message><source>{count} pictures are too many: a grid has {most} at most.</source><translation>{count} Bilder sind zu viele: ein Raster hat höchstens {most}.</translation></message>
<message><source>Values separated by commas, {count} at most</source><translation>Werte durch Kommas getrennt, höchstens {count}</translation></message>
<message><source>Change by Instruction</source><translation>Mit Anweisung ändern</translation></message>
<message><source>Say what should be different:</source><translation>Sag, was anders sein soll:</translation></message>
<message><source>make it winter</source><translation>make it winter</translation></message>
<message><source>How closely the picture follows the instruction</source><translation>Wie genau das Bild der Anweisung folgt</translation></message>
<message><source>How much is kept of the picture: more makes it change less</source><translation>Wie viel vom Bild bleibt: Bei mehr ändert es sich weniger</translation></message>
<message><source>Change</source><translation>Ändern</translation></message>
<message><source>This model cannot follow instructions. Choose an InstructPix2Pix model, or edit words of the prompt.</source><translation>Dieses Modell kann keine Anweisungen befolgen. Wähle ein InstructPix2Pix-Modell, oder bearbeite Wörter des Prompts.</translation></message>
<message><source>The picture changes only in the selection; everything else stays exactly as it is.</source><translation>Das Bild ändert sich nur in der Auswahl; alles andere bleibt genau, wie es ist.</translation></message>
<message><source>The picture may change everywhere. Select a part first to change only that; where the instruction has words that are painted, it acts there alone.</source><translation>Das Bild kann sich überall ändern. Wähle zuerst einen Teil aus, um nur den zu ändern; hat die Anweisung gemalte Wörter, wirkt sie nur dort.</translation></message>
<message><source>How much of its detail is redone: 0 % only enlarges it</source><translation>Wie viel seiner Einzelheiten neu gemacht wird: 0 % vergrößert nur</translation></message>
<message><source>A filter (Lanczos)</source><translation>einen Filter (Lanczos)</translation></message>
<message><source>Details</source><translation>Einzelheiten</translation></message>
<message><source>Enlarged by</source><translation>Vergrößert durch</translation></message>
<message><source>at most {side} a side</source><translation>höchstens {side} je Seite</translation></message>
<message><source>An upscaling network</source><translation>Ein Netz zum Vergrößern</translation></message>
<message><source>Upscaling networks (*.safetensors)</source><translation>Netze zum Vergrößern (*.safetensors)</translation></message>
<message><source>{count} times as large</source><translation>{count}-mal so groß</translation></message>
<message><source>Your own network…</source><translation>ein eigenes Netz…</translation></message>
<message><source>Upscaling networks such as ESRGAN need one more package (spandrel).</source><translation>Netze zum Vergrößern wie ESRGAN brauchen ein weiteres Paket (spandrel).</translation></message>
<message><source>At the picture's size the canvas becomes as large, with its paint. Undo makes it small again.</source><translation>In der Größe des Bildes wird die Leinwand ebenso groß, mit allem, was gemalt ist. „Rückgängig“ macht sie wieder klein.</translation></message>
<message><source>The picture has {width} × {height} pixels, the canvas {own_width} × {own_height}.</source><translation>Das Bild hat {width} × {height} Pixel, die Leinwand {own_width} × {own_height}.</translation></message>
<message><source>Work at {width} × {height}</source><translation>In {width} × {height} arbeiten</translation></message>
<message><source>Scale It to {width} × {height}</source><translation>Auf {width} × {height} verkleinern</translation></message>
<message><source>The model does best with pictures of {width} × {height}.</source><translation>Am besten gelingen dem Modell Bilder mit {width} × {height}.</translation></message>
<message><source>Make another picture that starts from this one</source><translation>Ein anderes Bild machen, das mit diesem beginnt</translation></message>
<message><source>This model has no picture tokens. Choose the starter, or a Stable Diffusion model with an IP-Adapter beside it.</source><translation>Dieses Modell hat keine Bild-Token. Wähle den Starter oder ein Stable-Diffusion-Modell mit einem IP-Adapter daneben.</translation></message>
<message><source>Make another picture with the look and content of this one</source><translation>Ein anderes Bild mit Aussehen und Inhalt von diesem machen</translation></message>
<message><source>How much is redone: a low value keeps what is there, 100 % starts from noise</source><translation>Wie viel neu gemacht wird: wenig behält, was da ist, 100 % beginnt mit Rauschen</translation></message>
<message><source>Likeness</source><translation>Ähnlichkeit</translation></message>
<message><source>How strongly the picture's look and content act: 0 % leaves it to the prompt</source><translation>Wie stark Aussehen und Inhalt des Bildes wirken: 0 % überlässt alles dem Prompt</translation></message>
<message><source>Change a word of the prompt, or how much of a word there is: that is what is redone.</source><translation>Ändere ein Wort des Prompts oder wie viel von einem Wort da ist: Das wird neu gemacht.</translation></message>
<message><source>“{phrase}” is painted where the picture has it.</source><translation>„{phrase}“ ist gemalt, wo das Bild es hat.</translation></message>
<message><source>“{phrase}” was not found in the picture.</source><translation>„{phrase}“ wurde im Bild nicht gefunden.</translation></message>
<message><source>The canvas has another size now. Find the word again.</source><translation>Die Leinwand hat jetzt eine andere Größe. Such das Wort noch einmal.</translation></message>
<message><source>“{phrase}” is selected.</source><translation>„{phrase}“ ist ausgewählt.</translation></message>
<message><source>Looking in the picture</source><translation>Sucht im Bild</translation></message>
<message><source>Loading the model</source><translation>Lädt das Modell</translation></message>
<message><source>Paint where they should be, and generate again.</source><translation>Male, wo sie sein sollen, und erzeuge noch einmal.</translation></message>
<message><source>The model looks at the picture. This may take a minute.</source><translation>Das Modell sieht sich das Bild an. Das kann eine Minute dauern.</translation></message>
<message><source>Make them stronger and generate again, or remake only the places that are painted for them.</source><translation>Mach sie stärker und erzeuge noch einmal, oder lass nur die Stellen neu entstehen, die für sie gemalt sind.</translation></message>
<message><source>Asked for and not seen: {words}</source><translation>Verlangt und nicht zu sehen: {words}</translation></message>
<message><source>There is no picture whose prompt is known. Generate one first.</source><translation>Es gibt kein Bild, dessen Prompt bekannt ist. Erzeuge zuerst eines.</translation></message>
<message><source>This model cannot say what a picture shows. Choose the starter or a model with a vision-language encoder, such as Qwen-Image, or use Find in the Picture.</source><translation>Dieses Modell kann nicht sagen, was ein Bild zeigt. Wähle den Starter oder ein Modell mit einem sehenden Sprachmodell als Textencoder, etwa Qwen-Image, oder nimm „Im Bild suchen“.</translation></message>
<message><source>The model looks at the picture: {share} %</source><translation>Das Modell sieht sich das Bild an: {share} %</translation></message>
<message><source>The scene was changed meanwhile. Describe the picture again.</source><translation>Die Szene wurde inzwischen geändert. Beschreibe das Bild noch einmal.</translation></message>
<message><source>Nothing is missing: all words that the model knows are seen in the picture.</source><translation>Nichts fehlt: Alle Wörter, die das Modell kennt, sind im Bild zu sehen.</translation></message>
<message><source>Nothing that the model knows is seen in the picture.</source><translation>Im Bild ist nichts zu sehen, was das Modell kennt.</translation></message>
<message><source>The picture is the prompt now: {words}</source><translation>Das Bild ist jetzt der Prompt: {words}</translation></message>
<message><source>Find a Word in the Picture</source><translation>Ein Wort im Bild suchen</translation></message>
<message><source>Word to find</source><translation>Gesuchtes Wort</translation></message>
<message><source>such as: house</source><translation>zum Beispiel: house</translation></message>
<message><source>What becomes of it</source><translation>Was damit geschieht</translation></message>
<message><source>Word</source><translation>Wort</translation></message>
<message><source>Then</source><translation>Dann</translation></message>
<message><source>Find</source><translation>Suchen</translation></message>
<message><source>Waiting for its turn</source><translation>Wartet, bis es an der Reihe ist</translation></message>
<message><source>Make this picture with CLIP alone, with T5 alone and with both, and see them side by side</source><translation>Dieses Bild mit CLIP allein, mit T5 allein und mit beiden machen und nebeneinander sehen</translation></message>
<message><source>Weight of {value}</source><translation>Gewicht von {value}</translation></message>
<message><source>{value}. Below 1, the other one counts for more.</source><translation>{value}. Unter 1 zählt der andere mehr.</translation></message>
<message><source>The model</source><translation>Das Modell</translation></message>
<message><source> The weights in this scene are kept for a model with both.</source><translation> Die Gewichte in dieser Szene bleiben für ein Modell mit beiden erhalten.</translation></message>
<message><source>{subject} reads the prompt with {value} alone.{blend}</source><translation>{subject} liest den Prompt nur mit {value}.{blend}</translation></message>
<message><source>One encoder must stay on: switch the other one on first</source><translation>Ein Encoder muss an bleiben: erst den anderen einschalten</translation></message>
<message><source>Fidelity</source><translation>Treue</translation></message>
<message><source>How strictly words keep to their paint, from 0 (loose) to 1 (exact). Exact takes longer and may look less natural.</source><translation>Wie streng sich Wörter an ihre Bemalung halten, von 0 (locker) bis 1 (genau). Genau dauert länger und kann weniger natürlich aussehen.</translation></message>
<message><source>Each part</source><translation>Jeder Teil</translation></message>
<message><source>Each part of the paint fidelity</source><translation>Jeder Teil der Maltreue</translation></message>
<message><source>Set each part of the fidelity by itself</source><translation>Jeden Teil der Maltreue einzeln einstellen</translation></message>
<message><source>Containment</source><translation>Einhegung</translation></message>
<message><source>How strictly a painted word is kept out of everything but its paint</source><translation>Wie streng ein gemaltes Wort aus allem außer seiner Bemalung herausgehalten wird</translation></message>
<message><source>Separation</source><translation>Trennung</translation></message>
<message><source>How strictly differently painted areas are kept from blending</source><translation>Wie streng verschieden bemalte Flächen vor dem Vermischen bewahrt werden</translation></message>
<message><source>Gradient steps</source><translation>Gradientenschritte</translation></message>
<message><source>How many of the first steps pull the picture towards its paint; each takes as long as three</source><translation>Wie viele der ersten Schritte das Bild zu seiner Bemalung ziehen; jeder dauert so lange wie drei</translation></message>
<message><source>by hand</source><translation>von Hand</translation></message>
<message><source>first step pulled to the paint</source><translation>erster Schritt zur Bemalung gezogen</translation></message>
<message><source>Paint guides the picture; nothing is forced.</source><translation>Die Bemalung leitet das Bild; nichts wird erzwungen.</translation></message>
<message><source>words kept out of the rest ({share})</source><translation>Wörter vom Rest ferngehalten ({share})</translation></message>
<message><source>areas kept apart ({share})</source><translation>Flächen auseinandergehalten ({share})</translation></message>
<message><source>first {steps} steps pulled to the paint</source><translation>die ersten {steps} Schritte zur Bemalung gezogen</translation></message>
<message><source>This model’s words and picture read one another: it cannot keep attributes together</source><translation>Wörter und Bild lesen einander in diesem Modell: Es kann Eigenschaften nicht beisammen halten</translation></message>
<message><source>Width</source><translation>Breite</translation></message>
<message><source>Height</source><translation>Höhe</translation></message>
<message><source>Common sizes</source><translation>Übliche Größen</translation></message>
<message><source>Resize or Crop…</source><translation>Skalieren oder zuschneiden…</translation></message>
<message><source>Swap Width and Height</source><translation>Breite und Höhe tauschen</translation></message>
<message><source>Paint fidelity</source><translation>Maltreue</translation></message>
<message><source>Advanced</source><translation>Erweitert</translation></message>
<message><source>Advanced settings</source><translation>Erweiterte Einstellungen</translation></message>
<message><source>Sampling, paint weight, text encoders, device and memory</source><translation>Sampling, Malgewicht, Textencoder, Gerät und Speicher</translation></message>
<message><source>Use a model of your own: a .safetensors file or a folder in diffusers’ format</source><translation>Ein eigenes Modell nutzen: eine .safetensors-Datei oder ein Ordner im Format von diffusers</translation></message>
<message><source>Open Model File…</source><translation>Modelldatei öffnen…</translation></message>
<message><source>Open Model Folder…</source><translation>Modellordner öffnen…</translation></message>
<message><source>Text encoders</source><translation>Textencoder</translation></message>
<message><source>Uses what this model was taught for few steps. Live pictures do so by themselves.</source><translation>Nutzt, was diesem Modell für wenige Schritte beigebracht wurde. Live-Bilder tun das von selbst.</translation></message>
<message><source>{name} {side} became {mine}.</source><translation>{name}: aus {side} wurde {mine}.</translation></message>
<message><source>{value} Sizes are multiples of {multiple}.</source><translation>{value} Größen sind Vielfache von {multiple}.</translation></message>
<message><source>{steps} steps, fast</source><translation>{steps} Schritte, schnell</translation></message>
<message><source>{name} of the picture in pixels</source><translation>{name} des Bildes in Bildpunkten</translation></message>
<message><source>{width} × {height} is {times} times the {own_width} × {own_height} pixels that {model} was trained on. Things will repeat, and it takes far longer.</source><translation>{width} × {height} ist {times}-mal so groß wie {own_width} × {own_height} Pixel, worauf trainiert wurde: {model}. Dinge werden sich wiederholen, und es dauert viel länger.</translation></message>
<message><source>model's own</source><translation>vom Modell</translation></message>
<message><source>It paints: {names}.</source><translation>Malen kann es: {names}.</translation></message>
<message><source>Resize Canvas</source><translation>Leinwandgröße ändern</translation></message>
<message><source>Resize</source><translation>Größe ändern</translation></message>
<message><source>Scale the paint to the new size</source><translation>Die Bemalung auf die neue Größe skalieren</translation></message>
<message><source>Crop or extend: the paint keeps its size</source><translation>Zuschneiden oder erweitern: die Bemalung behält ihre Größe</translation></message>
<message><source>a scene without a prompt</source><translation>eine Szene ohne Prompt</translation></message>
<message><source>Choose a Style Picture</source><translation>Stilbild wählen</translation></message>
<message><source>{called} cannot use style pictures, so {names} had no effect.</source><translation>{called} kann keine Stilbilder verwenden, deshalb wirkten {names} nicht.</translation></message>
<message><source>The transparent parts of “{name}” were laid on white.</source><translation>Die durchsichtigen Teile von „{name}“ wurden auf Weiß gelegt.</translation></message>
<message><source>Dropped picture</source><translation>Abgelegtes Bild</translation></message>
<message><source>Mood</source><translation>Stimmung</translation></message>
<message><source>away</source><translation>davon weg</translation></message>
<message><source>towards</source><translation>dorthin</translation></message>
<message><source>What pictures that you like have in common; pictures are made more like them</source><translation>Was Bilder, die dir gefallen, gemeinsam haben; neue Bilder werden ihnen ähnlicher</translation></message>
<message><source>none</source><translation>keine</translation></message>
<message><source>Mood from Starred Pictures…</source><translation>Stimmung aus Sternen…</translation></message>
<message><source>Keeps what your starred results have in common, compared with the others, under a name</source><translation>Behält unter einem Namen, was deine Ergebnisse mit Stern im Vergleich zu den anderen gemeinsam haben</translation></message>
<message><source>{name} (missing)</source><translation>{name} (fehlt)</translation></message>
<message><source>Mood from Starred Pictures</source><translation>Stimmung aus Bildern mit Stern</translation></message>
<message><source>Name:</source><translation>Name:</translation></message>
<message><source>My taste</source><translation>Mein Geschmack</translation></message>
<message><source>Loading the image encoder</source><translation>Der Bildencoder wird geladen</translation></message>
<message><source>The mood “{name}” was made from {count} pictures.</source><translation>Die Stimmung „{name}“ wurde aus {count} Bildern gemacht.</translation></message>
<message><source>Give some results a star first: point at one and click its star.</source><translation>Gib zuerst einigen Ergebnissen einen Stern: Zeige auf eines und klicke auf seinen Stern.</translation></message>
<message><source>Moods cannot be made with this executor.</source><translation>Mit diesem Ausführer können keine Stimmungen gemacht werden.</translation></message>
<message><source>No mood was made.</source><translation>Es wurde keine Stimmung gemacht.</translation></message>
<message><source>Drop a picture here to use its look, not its layout.</source><translation>Zieh ein Bild hierher, um seinen Stil zu nutzen, nicht seinen Aufbau.</translation></message>
<message><source>Choose a picture…</source><translation>Bild wählen…</translation></message>
<message><source>Find in my pictures…</source><translation>In meinen Bildern suchen…</translation></message>
<message><source>Drop to use its look</source><translation>Loslassen, um den Stil zu nutzen</translation></message>
<message><source>Add another picture…</source><translation>Noch ein Bild…</translation></message>
<message><source>{model} needs an IP-Adapter for style pictures.</source><translation>{model} braucht für Stilbilder einen IP-Adapter.</translation></message>
<message><source>{model} cannot use style pictures. Your styles are kept for a model that can.</source><translation>{model} kann keine Stilbilder verwenden. Deine Stile bleiben für ein Modell erhalten, das es kann.</translation></message>
<message><source>A scene holds at most {max_styles} styles: remove one first</source><translation>Eine Szene fasst höchstens {max_styles} Stile: erst einen entfernen</translation></message>
<message><source>Take the look of “{stem}”</source><translation>Das Aussehen von „{stem}“ übernehmen</translation></message>
<message><source>Style pictures to start with</source><translation>Stilbilder für den Anfang</translation></message>
<message><source>or use one of these:</source><translation>oder nimm eines von diesen:</translation></message>
<message><source>Show or hide this style's paint</source><translation>Die Bemalung dieses Stils zeigen oder verbergen</translation></message>
<message><source>Remove this style's paint</source><translation>Die Bemalung dieses Stils entfernen</translation></message>
<message><source>Remove this style</source><translation>Diesen Stil entfernen</translation></message>
<message><source>Only where painted</source><translation>Nur wo gemalt</translation></message>
<message><source>On: the style acts where you paint it. Off: everywhere</source><translation>An: der Stil wirkt, wo du ihn malst. Aus: überall</translation></message>
<message><source>The style acts where that word is painted, also after you repaint it</source><translation>Der Stil wirkt, wo dieses Wort gemalt ist, auch wenn es später anders gemalt wird</translation></message>
<message><source>How much of its look is taken: 1 is normal, 0 is none</source><translation>Wie viel von seinem Aussehen übernommen wird: 1 ist normal, 0 ist nichts</translation></message>
<message><source>Look or content</source><translation>Aussehen oder Inhalt</translation></message>
<message><source>look</source><translation>Aussehen</translation></message>
<message><source>content</source><translation>Inhalt</translation></message>
<message><source>What is taken from the picture: more of its look, such as strokes and grain, or more of its content</source><translation>Was vom Bild übernommen wird: mehr von seinem Aussehen, etwa Striche und Körnung, oder mehr von seinem Inhalt</translation></message>
<message><source>Style {name}</source><translation>Stil {name}</translation></message>
<message><source>Choose Another Picture…</source><translation>Anderes Bild wählen…</translation></message>
<message><source>Paint where this style should act.</source><translation>Male, wo dieser Stil wirken soll.</translation></message>
<message><source>{name}
Its look is taken, not its layout</source><translation>{name}
Das Aussehen wird übernommen, nicht die Anordnung</translation></message>
<message><source>whole picture</source><translation>ganzes Bild</translation></message>
<message><source>It takes about {time} here.</source><translation>Es dauert hier etwa {time}.</translation></message>
<message><source>Give up “{word}”?</source><translation>„{word}“ aufgeben?</translation></message>
<message><source>What was learnt so far is removed. Pause keeps it.</source><translation>Was bisher gelernt wurde, wird entfernt. Pause behält es.</translation></message>
<message><source>Give Up</source><translation>Aufgeben</translation></message>
<message><source>Teach On</source><translation>Weiter beibringen</translation></message>
<message><source>Step {step} of {steps}</source><translation>Schritt {step} von {steps}</translation></message>
<message><source>Words can be taught to Stable Diffusion 1, 2 and XL models and to the starter, not to this model</source><translation>Wörter lassen sich Modellen von Stable Diffusion 1, 2 und XL und dem Startmodell beibringen, diesem nicht</translation></message>
<message><source>Pausing: what was learnt is being kept</source><translation>Pause: Das Gelernte wird gesichert</translation></message>
<message><source>“{word}” is a word now: write it in the prompt, and paint it</source><translation>„{word}“ ist jetzt ein Wort: Schreiben Sie es in den Prompt und malen Sie es</translation></message>
<message><source>“{word}” is paused; Teach a Word continues it</source><translation>„{word}“ ist angehalten; Ein Wort beibringen setzt es fort</translation></message>
<message><source>Waiting: a picture is being made</source><translation>Wartet: Ein Bild wird erzeugt</translation></message>
<message><source>Teach a Word</source><translation>Ein Wort beibringen</translation></message>
<message><source>A name that you make up, such as rufus</source><translation>Ein erfundener Name, etwa rufus</translation></message>
<message><source>What kind of thing it is, such as dog</source><translation>Was für ein Ding es ist, etwa dog</translation></message>
<message><source>Add Pictures…</source><translation>Bilder hinzufügen…</translation></message>
<message><source>Start</source><translation>Start</translation></message>
<message><source>Kind</source><translation>Art</translation></message>
<message><source>What is learnt</source><translation>Was gelernt wird</translation></message>
<message><source>“{word}” was stopped after {step} of {steps} steps</source><translation>„{word}“ wurde nach {step} von {steps} Schritten angehalten</translation></message>
<message><source>Pictures of the word</source><translation>Bilder des Wortes</translation></message>
<message><source>Pictures ({endings})</source><translation>Bilder ({endings})</translation></message>
<message><source>The word so far</source><translation>Das Wort bis jetzt</translation></message>
<message><source>How far the word is</source><translation>Wie weit das Wort ist</translation></message>
<message><source>You can close this dialog and paint on. Pictures and teaching share the same processor or card.</source><translation>Sie können diesen Dialog schließen und weiter malen. Bilder und Training teilen sich denselben Prozessor oder dieselbe Karte.</translation></message>
<message><source>Wait while pictures are made</source><translation>Warten, während Bilder erzeugt werden</translation></message>
<message><source>“{word}” is being taught</source><translation>„{word}“ wird beigebracht</translation></message>
<message><source> {count} others too.</source><translation> {count} weitere ebenso.</translation></message>
<message><source>Name its kind, so that other things of this kind stay as they are.</source><translation>Nennen Sie die Art, damit andere Dinge dieser Art bleiben, wie sie sind.</translation></message>
<message><source>Drop {least} to {most} pictures of the same thing here</source><translation>Legen Sie hier {least} bis {most} Bilder desselben Dings ab</translation></message>
<message><source>Pictures: {count} (from {least} to {most})</source><translation>Bilder: {count} (von {least} bis {most})</translation></message>
<message><source>The first picture of it comes soon</source><translation>Das erste Bild davon kommt bald</translation></message>
<message><source>Preparing the model</source><translation>Das Modell wird vorbereitet</translation></message>
<message><source>Preparing the pictures</source><translation>Die Bilder werden vorbereitet</translation></message>
<message><source>Making pictures of its kind</source><translation>Bilder seiner Art werden erzeugt</translation></message>
<message><source>Its meaning (embedding)</source><translation>Seine Bedeutung (Embedding)</translation></message>
<message><source>Its meaning and its look (Custom Diffusion)</source><translation>Seine Bedeutung und sein Aussehen (Custom Diffusion)</translation></message>
<message><source>All of its details (LoRA)</source><translation>Alle seine Einzelheiten (LoRA)</translation></message>
<message><source>The model itself stays as it is; only what the word means is learnt. A tiny file that other programs read too. For things that are like what the model knows.</source><translation>Das Modell selbst bleibt, wie es ist; nur die Bedeutung des Wortes wird gelernt. Eine winzige Datei, die auch andere Programme lesen. Für Dinge, die dem ähneln, was das Modell kennt.</translation></message>
<message><source>Also how the word is painted is learnt, for this word alone: all other words stay exactly as they are. Several taught words go well together. A good first choice.</source><translation>Auch wie das Wort gemalt wird, wird gelernt, nur für dieses Wort: Alle anderen Wörter bleiben genau, wie sie sind. Mehrere beigebrachte Wörter vertragen sich gut. Eine gute erste Wahl.</translation></message>
<message><source>Also the model's way to draw is learnt, which acts where the word is painted. Nearest to your pictures. It takes the longest, and too many steps make every picture alike.</source><translation>Auch die Zeichenweise des Modells wird gelernt; sie wirkt, wo das Wort gemalt ist. Ihren Bildern am nächsten. Es dauert am längsten, und zu viele Schritte machen alle Bilder gleich.</translation></message>
<message><source>It cannot be read.</source><translation>Es kann nicht gelesen werden.</translation></message>
<message><source>It uses another kind of latents than {name}.</source><translation>Es verwendet eine andere Art von Latents als {name}.</translation></message>
<message><source>{name} has no expert “{part}”.</source><translation>{name} hat keinen Experten „{part}“.</translation></message>
<message><source>The later half of “{name}” goes to</source><translation>Die spätere Hälfte von „{name}“ geht an</translation></message>
<message><source>Add an expert</source><translation>Einen Experten hinzufügen</translation></message>
<message><source>Expert “{name}”</source><translation>Experte „{name}“</translation></message>
<message><source>Noise</source><translation>Rauschen</translation></message>
<message><source>&amp;Split Here</source><translation>Hier &amp;teilen</translation></message>
<message><source>Re&amp;move</source><translation>&amp;Entfernen</translation></message>
<message><source>How closely this expert follows the prompt; the scene's guidance unless set here</source><translation>Wie eng dieser Experte dem Prompt folgt; die Prompttreue der Szene, solange hier keine steht</translation></message>
<message><source>Re&amp;place With</source><translation>E&amp;rsetzen durch</translation></message>
<message><source>&amp;Reset to the Model's Own</source><translation>&amp;Zurück zu denen des Modells</translation></message>
<message><source>&amp;Base Alone</source><translation>Nur die &amp;Basis</translation></message>
<message><source>the scene's</source><translation>der Szene</translation></message>
<message><source>guidance {value}</source><translation>Prompttreue {value}</translation></message>
<message><source>no step</source><translation>kein Schritt</translation></message>
<message><source>1 step</source><translation>1 Schritt</translation></message>
<message><source>{count} steps</source><translation>{count} Schritte</translation></message>
<message><source>Noise timeline</source><translation>Rausch-Zeitleiste</translation></message>
<message><source>σ {sigma} ({percent} % noise)</source><translation>σ {sigma} ({percent} % Rauschen)</translation></message>
<message><source>from {level} to {end}</source><translation>von {level} bis {end}</translation></message>
<message><source>{level}: {name} works before, {name2} after.
Drag it, or use the arrow keys.</source><translation>{level}: davor arbeitet {name}, danach {name2}.
Ziehen, oder die Pfeiltasten nehmen.</translation></message>
<message><source>the end</source><translation>zum Ende</translation></message>
<message><source>step {first}</source><translation>Schritt {first}</translation></message>
<message><source>steps {first} to {last}</source><translation>Schritte {first} bis {last}</translation></message>
<message><source>{name} works {between}.</source><translation>{name} arbeitet {between}.</translation></message>
<message><source>at every noise</source><translation>bei jedem Rauschen</translation></message>
<message><source>from pure noise to {level}</source><translation>von reinem Rauschen bis {level}</translation></message>
<message><source>It has {steps}.</source><translation>Dazu gehört: {steps}.</translation></message>
<message><source>Its guidance is {guidance}.</source><translation>Seine Prompttreue ist {guidance}.</translation></message>
<message><source>It cannot: {lower}{value} Replace or remove it.</source><translation>Er kann nicht arbeiten: {lower}{value} Ersetzen oder entfernen.</translation></message>
<message><source>Right-click or Enter: split, replace, guidance. Double-click splits.</source><translation>Rechtsklick oder Eingabe: teilen, ersetzen, Prompttreue. Doppelklick teilt.</translation></message>
<message><source>Hardness</source><translation>Härte</translation></message>
<message><source>Diameter of the brush  ({smaller} {larger})</source><translation>Durchmesser des Pinsels  ({smaller} {larger})</translation></message>
<message><source>How sharp the edge of the brush is</source><translation>Wie scharf der Rand des Pinsels ist</translation></message>
<message><source>How much paint one stroke leaves</source><translation>Wie viel ein Strich aufträgt</translation></message>
<message><source>Flow</source><translation>Fluss</translation></message>
<message><source>How much each dab adds: below 100 % paint builds up where a stroke goes over itself</source><translation>Wie viel jeder Tupfer aufträgt: unter 100 % sammelt sich Farbe, wo ein Strich über sich selbst geht</translation></message>
<message><source>Smoothing</source><translation>Glättung</translation></message>
<message><source>How long a string the pointer pulls the brush by: longer gives calmer lines</source><translation>Wie lang die Schnur ist, an der der Zeiger den Pinsel zieht: je länger, desto ruhiger die Linien</translation></message>
<message><source>Spacing</source><translation>Abstand</translation></message>
<message><source>From one dab to the next, in brush diameters: from 100 % up they stand apart, like stamps</source><translation>Von einem Tupfer zum nächsten, in Durchmessern des Pinsels: ab 100 % stehen sie einzeln wie Stempel</translation></message>
<message><source>Repeat around</source><translation>Ringsum wiederholen</translation></message>
<message><source>How many times a stroke is painted around the point where the axes cross, like petals</source><translation>Wie oft ein Strich um die Kreuzung der Achsen gemalt wird, wie Blütenblätter</translation></message>
<message><source>smooth</source><translation>glatt</translation></message>
<message><source>Brush settings</source><translation>Pinseleinstellungen</translation></message>
<message><source>&amp;Remove a Brush</source><translation>Pinsel &amp;entfernen</translation></message>
<message><source>Brush {number}</source><translation>Pinsel {number}</translation></message>
<message><source>Brush “{name}”.</source><translation>Pinsel „{name}“.</translation></message>
<message><source>Save This Brush</source><translation>Diesen Pinsel speichern</translation></message>
<message><source> Press {number} to take it.</source><translation> Taste {number} nimmt ihn.</translation></message>
<message><source>“{name}” is saved.{key}</source><translation>„{name}“ ist gespeichert.{key}</translation></message>
<message><source>There are {most_brushes} saved brushes already: remove one first.</source><translation>Es gibt schon {most_brushes} gespeicherte Pinsel: erst einen entfernen.</translation></message>
<message><source>Grid Size</source><translation>Rasterweite</translation></message>
<message><source>Side of a square, in pixels of the picture:</source><translation>Pixel des Bildes an einer Seite eines Quadrats:</translation></message>
<message><source>Where Words O&amp;verlap</source><translation>Wo Wörter sich ü&amp;berlappen</translation></message>
<message><source>Choose what happens where words overlap</source><translation>Wählen, was geschieht, wo Wörter sich überlappen</translation></message>
<message><source>The model places words in {columns} × {rows} cells where it is coarsest.</source><translation>Wo es am gröbsten ist, ordnet das Modell Wörter in {columns} × {rows} Zellen an.</translation></message>
<message><source>Overlaps {overlaps} · no word {bare}</source><translation>Überlappungen {overlaps} · kein Wort {bare}</translation></message>
<message><source>Curve of the pen's pressure</source><translation>Kurve des Stiftdrucks</translation></message>
<message><source>Pad to try the pen on</source><translation>Fläche zum Ausprobieren des Stifts</translation></message>
<message><source>Pen Pressure Curve</source><translation>Kurve des Stiftdrucks</translation></message>
<message><source>Softness</source><translation>Weichheit</translation></message>
<message><source>Above 0 a light hand is enough, below 0 the pen must be pressed harder</source><translation>Über 0 genügt eine leichte Hand, unter 0 muss der Stift fester gedrückt werden</translation></message>
<message><source>Least</source><translation>Mindestens</translation></message>
<message><source>What the lightest touch counts as</source><translation>Als wie viel die leichteste Berührung zählt</translation></message>
<message><source>Draw on the right with the pen, lightly and hard.</source><translation>Zeichne rechts mit dem Stift, leicht und fest.</translation></message>
<message><source>Open a Reference Picture</source><translation>Vorlage öffnen</translation></message>
<message><source>Reference picture: {name}</source><translation>Referenzbild: {name}</translation></message>
<message><source>Reference picture</source><translation>Referenzbild</translation></message>
<message><source>Drop a picture here, or click to open one.
It is for looking at and for taking colours from.</source><translation>Ein Bild hier ablegen oder klicken, um eines zu öffnen.
Es ist zum Ansehen und um Farben daraus zu nehmen.</translation></message>
<message><source>Wheel zooms, a drag moves, a click takes the colour, a double click opens another</source><translation>Das Rad zoomt, Ziehen verschiebt, ein Klick nimmt die Farbe, ein Doppelklick öffnet ein anderes</translation></message>
<message><source>Pixels:</source><translation>Pixel:</translation></message>
<message><source>Choose a word that has paint: its paint becomes the selection.</source><translation>Wähle ein bemaltes Wort: seine Bemalung wird zur Auswahl.</translation></message>
<message><source>Grow the Selection</source><translation>Auswahl erweitern</translation></message>
<message><source>Shrink the Selection</source><translation>Auswahl verkleinern</translation></message>
<message><source>Feather the Selection</source><translation>Auswahl weichzeichnen</translation></message>
<message><source>Paint opacity</source><translation>Deckkraft der Bemalung</translation></message>
<message><source>How strongly the paint covers the picture on the screen; it acts all the same</source><translation>Wie stark die Bemalung das Bild am Bildschirm verdeckt; sie wirkt trotzdem ganz</translation></message>
<message><source>How the paint is shown</source><translation>Wie die Bemalung gezeigt wird</translation></message>
<message><source>Fold {name}</source><translation>{name} einklappen</translation></message>
<message><source>Close {name}</source><translation>{name} schließen</translation></message>
<message><source>{names} and {last}</source><translation>{names} und {last}</translation></message>
<message><source>{count} more</source><translation>{count} weitere</translation></message>
<message><source>Active from {start} to {end} of the steps</source><translation>Aktiv von {start} bis {end} der Schritte</translation></message>
<message><source>Active from</source><translation>Aktiv von</translation></message>
<message><source>to</source><translation>bis</translation></message>
<message><source>The first of the steps in which this word's paint is active
{tip}</source><translation>Der erste der Schritte, in denen die Bemalung dieses Wortes wirkt
{tip}</translation></message>
<message><source>The last of the steps in which this word's paint is active
{tip}</source><translation>Der letzte der Schritte, in denen die Bemalung dieses Wortes wirkt
{tip}</translation></message>
<message><source>Early steps decide the layout, late steps the detail.</source><translation>Frühe Schritte bestimmen die Anordnung, späte die Einzelheiten.</translation></message>
<message><source>Type {label}</source><translation>{label} eingeben</translation></message>
<message><source>Drag, or click the number to type. Double-click resets.</source><translation>Ziehen, oder die Zahl anklicken und eingeben. Doppelklick setzt zurück.</translation></message>
<message><source>Inside this program (the texts are in {folder}):</source><translation>In diesem Programm steckt (die Texte liegen in {folder}):</translation></message>
<message><source>About Wordbrush</source><translation>Über Wordbrush</translation></message>
<message><source>Write a prompt, paint where its words should be, and watch the picture appear.

Apache-2.0. Painting with words after eDiff-I (arXiv 2211.01324).</source><translation>Schreib einen Prompt, male, wo seine Wörter sein sollen, und sieh zu, wie das Bild entsteht.

Apache-2.0. Malen mit Wörtern nach eDiff-I (arXiv 2211.01324).</translation></message>
<message><source>(not installed)</source><translation>(nicht installiert)</translation></message>
<message><source>Skip the tour</source><translation>Den Rundgang überspringen</translation></message>
<message><source>Close this message</source><translation>Diese Meldung schließen</translation></message>
<message><source>Copy log</source><translation>Protokoll kopieren</translation></message>
<message><source>Copied</source><translation>Kopiert</translation></message>
<message><source>Start from it: it becomes a layer under your words. Or take its colours, or only its look, as a style.</source><translation>Davon ausgehen: Es wird eine Ebene unter den Wörtern. Oder nur seine Farben oder sein Aussehen als Stil nehmen.</translation></message>
<message><source>“{name}” has {width} × {height} pixels. To fill the canvas of {own_width} × {own_height}, its edges were cut off.</source><translation>„{name}“ hat {width} × {height} Pixel. Damit es die Leinwand von {own_width} × {own_height} füllt, wurden seine Ränder abgeschnitten.</translation></message>
<message><source>The canvas can take the picture's shape instead, with its paint. Undo takes it back.</source><translation>Die Leinwand kann stattdessen die Form des Bildes bekommen, mit allem, was gemalt ist. „Rückgängig“ nimmt es zurück.</translation></message>
<message><source>Describe it</source><translation>Beschreiben</translation></message>
<message><source>Start from it</source><translation>Davon ausgehen</translation></message>
<message><source>As colour layer</source><translation>Als Farbebene</translation></message>
<message><source>Use as style</source><translation>Als Stil verwenden</translation></message>
<message><source>Use This Computer</source><translation>Diesen Computer verwenden</translation></message>
<message><source>Connected to “{name}” again.</source><translation>Wieder mit „{name}“ verbunden.</translation></message>
<message><source>Machines…</source><translation>Rechner…</translation></message>
<message><source>Canvas</source><translation>Leinwand</translation></message>
<message><source>&amp;File</source><translation>&amp;Datei</translation></message>
<message><source>Open &amp;Recent</source><translation>&amp;Zuletzt geöffnet</translation></message>
<message><source>E&amp;xamples</source><translation>B&amp;eispiele</translation></message>
<message><source>&amp;Edit</source><translation>&amp;Bearbeiten</translation></message>
<message><source>&amp;Word</source><translation>&amp;Wort</translation></message>
<message><source>&amp;Tools</source><translation>Wer&amp;kzeuge</translation></message>
<message><source>&amp;Select</source><translation>&amp;Auswahl</translation></message>
<message><source>&amp;View</source><translation>A&amp;nsicht</translation></message>
<message><source>&amp;Theme</source><translation>Aus&amp;sehen</translation></message>
<message><source>Clear List</source><translation>Liste leeren</translation></message>
<message><source>&amp;Help</source><translation>&amp;Hilfe</translation></message>
<message><source>Of “{name}”: {why}</source><translation>Bei „{name}“: {why}</translation></message>
<message><source>The model “{name}” cannot be used.</source><translation>Das Modell „{name}“ ist nicht verwendbar.</translation></message>
<message><source>{count} models cannot be used: {names}.</source><translation>{count} Modelle sind nicht verwendbar: {names}.</translation></message>
<message><source>Nothing can be saved in {names}.</source><translation>In {names} kann nichts gespeichert werden.</translation></message>
<message><source>Make sure that you can write there, then start Wordbrush again. Until then save scenes (Ctrl+S) and export pictures (Ctrl+E) to another folder.</source><translation>Sorge dafür, dass du dort schreiben darfst, und starte Wordbrush neu. Bis dahin Szenen (Strg+S) und Bilder (Strg+E) in einem anderen Ordner ablegen.</translation></message>
<message><source>Painting Help</source><translation>Hilfe zum Malen</translation></message>
<message><source>Drop the picture on a painted word, which then takes its look.</source><translation>Zieh das Bild auf ein gemaltes Wort, das dann sein Aussehen übernimmt.</translation></message>
<message><source>Saved with each scene, in the panel “Settings” of the window: {names}</source><translation>Mit jeder Szene gespeichert, im Feld „Bildeinstellungen“ des Fensters: {names}</translation></message>
<message><source>Preferences</source><translation>Einstellungen</translation></message>
<message><source>Search: theme, folder, undo, keys…</source><translation>Suchen: Aussehen, Ordner, rückgängig, Tasten…</translation></message>
<message><source>Search the preferences</source><translation>Die Einstellungen durchsuchen</translation></message>
<message><source>Nothing here has to do with “{words}”. Try another word.</source><translation>Mit „{words}“ hat hier nichts zu tun. Versuche ein anderes Wort.</translation></message>
<message><source>Changes take effect at once.</source><translation>Alles wirkt sofort.</translation></message>
<message><source>Look</source><translation>Aussehen</translation></message>
<message><source>Painting</source><translation>Malen</translation></message>
<message><source>Safety</source><translation>Sicherheit</translation></message>
<message><source>Models and memory</source><translation>Modelle und Speicher</translation></message>
<message><source>Keys and help</source><translation>Tasten und Hilfe</translation></message>
<message><source>How much is kept for undo; the oldest steps go first. In use now: {size} MB</source><translation>Wie viel behalten wird, um zurückzugehen; die ältesten Schritte gehen zuerst. Zurzeit belegt: {size} MB</translation></message>
<message><source>Default</source><translation>Standard</translation></message>
<message><source>Open Folder</source><translation>Ordner öffnen</translation></message>
<message><source>{count} seconds after a change</source><translation>{count} Sekunden nach einer Änderung</translation></message>
<message><source>Theme</source><translation>Farbschema</translation></message>
<message><source>The colours of the window</source><translation>Die Farben des Fensters</translation></message>
<message><source>Language</source><translation>Sprache</translation></message>
<message><source>Of menus, buttons and settings, from the next start on</source><translation>Von Menüs, Knöpfen und Einstellungen, ab dem nächsten Start</translation></message>
<message><source>Hide paint on new pictures</source><translation>Bemalung auf neuen Bildern verbergen</translation></message>
<message><source>A new picture shows alone; the paint comes back as soon as you paint</source><translation>Ein neues Bild erscheint allein; die Bemalung kommt wieder, sobald du malst</translation></message>
<message><source>Heatmap under the pointer</source><translation>Heatmap unter dem Zeiger</translation></message>
<message><source>Point at a word to see where it went in the picture</source><translation>Auf ein Wort zeigen, um zu sehen, wo es im Bild gelandet ist</translation></message>
<message><source>Pen pressure changes size</source><translation>Stiftdruck ändert die Größe</translation></message>
<message><source>Pen pressure changes opacity</source><translation>Stiftdruck ändert die Deckkraft</translation></message>
<message><source>Results folder</source><translation>Ergebnisordner</translation></message>
<message><source>Where every picture is kept</source><translation>Wo jedes Bild bleibt</translation></message>
<message><source>Metadata in exported pictures</source><translation>Metadaten in exportierten Bildern</translation></message>
<message><source>Prompt, paint and seed travel inside the PNG, which opens as a scene again</source><translation>Prompt, Bemalung und Seed reisen im PNG mit, das sich wieder als Szene öffnen lässt</translation></message>
<message><source>Keep results at 16 bits</source><translation>Ergebnisse mit 16 Bit behalten</translation></message>
<message><source>Finer steps of colour, in larger files; exports as PNG keep them. Repainted and refined ones have 8</source><translation>Feinere Farbstufen in größeren Dateien; ein Export als PNG behält sie. Neu gemalte und verfeinerte haben 8</translation></message>
<message><source>Autosave</source><translation>Automatisch sichern</translation></message>
<message><source>When unsaved work is kept, to be offered after a crash</source><translation>Wann ungespeicherte Arbeit gesichert wird, um nach einem Absturz angeboten zu werden</translation></message>
<message><source>Undo memory</source><translation>Speicher für Rückgängig</translation></message>
<message><source>Which models there are, and where they are kept</source><translation>Welche Modelle es gibt und wo sie liegen</translation></message>
<message><source>Memory of this scene's model</source><translation>Speicher für das Modell dieser Szene</translation></message>
<message><source>The less it takes, the longer a picture takes; saved with the scene</source><translation>Je weniger es nimmt, desto länger dauert ein Bild; wird mit der Szene gespeichert</translation></message>
<message><source>Keyboard shortcuts</source><translation>Tastenkürzel</translation></message>
<message><source>The keys of every action</source><translation>Die Tasten jeder Aktion</translation></message>
<message><source>Tour</source><translation>Rundgang</translation></message>
<message><source>Results folder: {folder}</source><translation>Ergebnisordner: {folder}</translation></message>
<message><source>Where pictures are kept</source><translation>Wo Bilder bleiben</translation></message>
<message><source>Models…</source><translation>Modelle…</translation></message>
<message><source>Change…</source><translation>Ändern…</translation></message>
<message><source>Show It Again</source><translation>Noch einmal zeigen</translation></message>
<message><source>Nothing can be saved in “{folder}”.</source><translation>In „{folder}“ lässt sich nichts speichern.</translation></message>
<message><source>Choose a folder in which you may write.</source><translation>Wähle einen Ordner, in den du schreiben darfst.</translation></message>
<message><source>The language changes at the next start.</source><translation>Die Sprache wechselt mit dem nächsten Start.</translation></message>
<message><source>Keyboard Shortcuts</source><translation>Tastenkürzel</translation></message>
<message><source>Saved.</source><translation>Gespeichert.</translation></message>
<message><source>Click a field and press the new keys.</source><translation>Klicke in ein Feld und drücke die neuen Tasten.</translation></message>
<message><source>Keys of {value}</source><translation>Tasten von {value}</translation></message>
<message><source>Reset to the default</source><translation>Auf den Standard zurücksetzen</translation></message>
<message><source>{value} belongs to “{value2}”. Remove it there first.</source><translation>{value} gehört zu „{value2}“. Erst dort entfernen.</translation></message>
<message><source>The default belongs to “{value}” now.</source><translation>Die Vorgabe gehört jetzt zu „{value}“.</translation></message>
<message><source>paint, or press {keys} on the canvas,</source><translation>male, oder drücke {keys} auf der Leinwand</translation></message>
<message><source>paint</source><translation>male</translation></message>
<message><source>Machine: {name}</source><translation>Rechner: {name}</translation></message>
<message><source>Picture {picture} · Canvas {canvas}</source><translation>Bild {picture} · Leinwand {canvas}</translation></message>
<message><source>Paint hidden: {how} to show it</source><translation>Bemalung verborgen: {how}, um sie zu zeigen</translation></message>
<message><source>A picture begins as a sentence</source><translation>Ein Bild beginnt als Satz</translation></message>
<message><source>This one is ready. Change it as you like, now or later.</source><translation>Dieser hier ist fertig. Ändere ihn, wie du magst, jetzt oder später.</translation></message>
<message><source>It goes on your brush: any word of the sentence can be painted.</source><translation>Damit ist es auf deinem Pinsel: jedes Wort des Satzes lässt sich malen.</translation></message>
<message><source>Paint where it should be</source><translation>Male, wo es sein soll</translation></message>
<message><source>Drag over the picture. The patterns show where the other words are; E takes paint away.</source><translation>Zieh über das Bild. Die Muster zeigen, wo die anderen Wörter sind; E nimmt Bemalung weg.</translation></message>
<message><source>Press Generate, or {keys}. The starter model takes a few seconds.</source><translation>Drücke Erzeugen oder {keys}. Das mitgelieferte Modell braucht ein paar Sekunden.</translation></message>
<message><source>This is your first picture</source><translation>Das ist dein erstes Bild</translation></message>
<message><source>Every picture is kept in the results. {keys} saves the scene, to paint on another day.</source><translation>Die Ergebnisse behalten jedes Bild von selbst. {keys} speichert die Szene, um an einem anderen Tag weiterzumalen.</translation></message>
<message><source>Next</source><translation>Weiter</translation></message>
<message><source>Right-click picks the word under the pointer; Shift-click draws a line. F1 shows more.</source><translation>Rechtsklick nimmt das Wort unter dem Zeiger; Umschalt-Klick zieht eine Linie. F1 sagt mehr.</translation></message>
<message><source>The log is on the clipboard.</source><translation>Das Protokoll ist in der Zwischenablage.</translation></message>
<message><source>View at {angle}°{mirrored}. {keys} sets it upright.</source><translation>Ansicht bei {angle}°{mirrored}. {keys} stellt sie gerade.</translation></message>
<message><source>New picture</source><translation>Neues Bild</translation></message>
<message><source>New scene</source><translation>Neue Szene</translation></message>
<message><source>Try again</source><translation>Noch einmal versuchen</translation></message>
<message><source>{keys} brings the rest of the window back.</source><translation>{keys} holt den Rest des Fensters zurück.</translation></message>
<message><source>No word is known to be weak.</source><translation>Von keinem Wort ist bekannt, dass es schwach ist.</translation></message>
<message><source> Judged by attention alone, as nothing looks at this model's pictures themselves: look before you boost.</source><translation> Nur nach der Aufmerksamkeit beurteilt, denn niemand erkennt, was die Bilder dieses Modells zeigen: sieh hin, bevor du verstärkst.</translation></message>
<message><source>{words} is at the limit of {most}.</source><translation>{words} ist an der Grenze von {most}.</translation></message>
<message><source>{words} are at the limit of {most}.</source><translation>{words} sind an der Grenze von {most}.</translation></message>
<message><source>{limit} Turn up the paint fidelity, or give the word more room.{told}</source><translation>{limit} Erhöhe die Maltreue oder gib dem Wort mehr Platz.{told}</translation></message>
<message><source>This picture was not measured: paint a word and generate first.</source><translation>Dieses Bild wurde nicht gemessen: erst ein Wort malen und erzeugen.</translation></message>
<message><source>The paint or the prompt has changed since this picture: generate first.</source><translation>Bemalung oder Prompt haben sich seit diesem Bild geändert: erst erzeugen.</translation></message>
<message><source>{listed}, with the same seed.</source><translation>{listed}, mit demselben Seed.</translation></message>
<message><source>&amp;Colour and Pattern</source><translation>&amp;Farbe und Muster</translation></message>
<message><source>&amp;Other Colour…</source><translation>&amp;Andere Farbe…</translation></message>
<message><source>Colour of the Paint</source><translation>Farbe der Bemalung</translation></message>
<message><source>Colour {color}</source><translation>Farbe {color}</translation></message>
<message><source>Pattern: {name}</source><translation>Muster: {name}</translation></message>
<message><source>{names} is no longer in the prompt and was ignored.</source><translation>{names} steht nicht mehr im Prompt und wurde nicht beachtet.</translation></message>
<message><source>{names} are no longer in the prompt and were ignored.</source><translation>{names} stehen nicht mehr im Prompt und wurden nicht beachtet.</translation></message>
<message><source>{gone} Attach the paint to other text, or remove it.</source><translation>{gone} Hänge die Bemalung an anderen Text, oder entferne sie.</translation></message>
<message><source>Click a word in the prompt first.</source><translation>Klicke erst ein Wort im Prompt an.</translation></message>
<message><source>Paint where “{phrase}” should be.</source><translation>Male, wo „{phrase}“ sein soll.</translation></message>
<message><source>Or begin with one of these:</source><translation>Oder beginne mit einem davon:</translation></message>
<message><source>Paint with “{noun}”</source><translation>Mit „{noun}“ malen</translation></message>
<message><source>Click a word in the prompt, then paint where it should be.

To paint a phrase, select it and press Enter.

Or generate first, then point at a word to see where it went and keep it there.</source><translation>Klicke ein Wort im Prompt an und male dann, wo es sein soll.

Um eine Wortgruppe zu malen, markiere sie und drücke die Eingabetaste.

Oder erzeuge zuerst, zeige dann auf ein Wort, um zu sehen, wo es gelandet ist, und behalte es dort.</translation></message>
<message><source>Remove words not in the prompt</source><translation>Wörter entfernen, die nicht im Prompt stehen</translation></message>
<message><source>Remove the {lost} words that are no longer in the prompt, with their paint. Undo brings them back</source><translation>Die {lost} Wörter, die nicht mehr im Prompt stehen, mit ihrer Bemalung entfernen. Rückgängig holt sie zurück</translation></message>
<message><source>Make weak words {times} times stronger, at most {most}, and generate again with the same seed</source><translation>Schwache Wörter {times}-mal so stark machen, höchstens {most}, und mit demselben Seed noch einmal erzeugen</translation></message>
<message><source>Stronger: {value}</source><translation>Stärker: {value}</translation></message>
<message><source>{count} words drew little attention</source><translation>{count} Wörter bekamen wenig Aufmerksamkeit</translation></message>
<message><source>1 word in place</source><translation>1 Wort an seinem Platz</translation></message>
<message><source>{count} words in place</source><translation>{count} Wörter an ihrem Platz</translation></message>
<message><source>1 word may be missing</source><translation>1 Wort fehlt vielleicht</translation></message>
<message><source>{count} words may be missing</source><translation>{count} Wörter fehlen vielleicht</translation></message>
<message><source>1 word drew little attention</source><translation>1 Wort bekam wenig Aufmerksamkeit</translation></message>
<message><source>Boost weak words</source><translation>Schwache Wörter stärken</translation></message>
<message><source>Find a word</source><translation>Ein Wort finden</translation></message>
<message><source>Find a word in the list</source><translation>Ein Wort in der Liste finden</translation></message>
<message><source>St&amp;yle of Its Paint</source><translation>Sti&amp;l seiner Bemalung</translation></message>
<message><source>Choose a Picture…</source><translation>Bild wählen…</translation></message>
<message><source>{name} (has paint of its own)</source><translation>{name} (ist selbst aufgemalt)</translation></message>
<message><source>“{title}” is no longer in the prompt, so its paint is ignored. Attach it to other text or remove it.</source><translation>„{title}“ steht nicht mehr im Prompt, deshalb bleibt seine Bemalung außer Acht. Hänge sie an anderen Text oder entferne sie.</translation></message>
<message><source>Change the colour and the pattern</source><translation>Farbe und Muster ändern</translation></message>
<message><source>Show or hide this word's paint. Hidden paint still acts</source><translation>Die Bemalung dieses Wortes zeigen oder verbergen. Auch verborgen wirkt sie</translation></message>
<message><source>When this word's paint is active</source><translation>Wann die Bemalung dieses Wortes wirkt</translation></message>
<message><source>Give this paint to another word</source><translation>Diese Bemalung einem anderen Wort geben</translation></message>
<message><source>Remove this word's paint</source><translation>Die Bemalung dieses Wortes entfernen</translation></message>
<message><source>Remove this word and its paint</source><translation>Dieses Wort mit seiner Bemalung entfernen</translation></message>
<message><source>Show or hide this word's settings</source><translation>Die Einstellungen dieses Wortes zeigen oder verbergen</translation></message>
<message><source>1 is normal, 0 is off, below 0 keeps the word out of its paint.</source><translation>1 ist normal, 0 ist aus, unter 0 hält das Wort von seiner Bemalung fern.</translation></message>
<message><source>not in prompt</source><translation>nicht im Prompt</translation></message>
<message><source>others solo</source><translation>andere solo</translation></message>
<message><source>no paint</source><translation>unbemalt</translation></message>
<message><source>Re&amp;paint Where It Is</source><translation>Dort neu &amp;malen</translation></message>
<message><source>Paint this word where the picture has it</source><translation>Dieses Wort dort malen, wo das Bild es hat</translation></message>
<message><source>Attach to the selected text</source><translation>Dem markierten Text zuordnen</translation></message>
<message><source>Give this paint to the text selected in the prompt</source><translation>Diese Bemalung dem Text geben, der im Prompt markiert ist</translation></message>
<message><source>First select the text in the prompt that should have this paint</source><translation>Markiere erst im Prompt den Text, der diese Bemalung haben soll</translation></message>
<message><source>Use for “{shown}”</source><translation>Für „{shown}“ nehmen</translation></message>
<message><source>&amp;Clear Paint</source><translation>Bemalung &amp;entfernen</translation></message>
<message><source>&amp;Give Paint to</source><translation>Bemalung &amp;geben an</translation></message>
<message><source>Co&amp;py Paint to</source><translation>Bemalung ko&amp;pieren zu</translation></message>
<message><source>S&amp;wap Paint With</source><translation>Bemalung &amp;tauschen mit</translation></message>
<message><source>Soft edge, fidelity and overlaps of this word</source><translation>Weicher Rand, Treue und Überlappungen dieses Wortes</translation></message>
<message><source>{title}
Its paint covers {coverage} of the canvas</source><translation>{title}
Seine Bemalung bedeckt {coverage} der Leinwand</translation></message>
<message><source>Give this paint to “{value}”, which stands in its place in the prompt</source><translation>Diese Bemalung „{value}“ geben, das im Prompt an seiner Stelle steht</translation></message>
<message><source>&amp;Hide Paint</source><translation>Bemalung &amp;verbergen</translation></message>
<message><source>&amp;Show Paint</source><translation>Bemalung &amp;zeigen</translation></message>
<message><source>Un&amp;mute</source><translation>Stummschaltung &amp;aufheben</translation></message>
<message><source>&amp;Mute</source><translation>St&amp;ummschalten</translation></message>
<message><source>End S&amp;olo</source><translation>S&amp;olo beenden</translation></message>
<message><source>S&amp;olo</source><translation>S&amp;olo</translation></message>
<message><source>Let Paint O&amp;verlap</source><translation>Ü&amp;berlappen lassen</translation></message>
<message><source>Keep Its Area to &amp;Itself</source><translation>Fläche für sich &amp;behalten</translation></message>
<message><source>Un&amp;lock</source><translation>Ent&amp;sperren</translation></message>
<message><source>&amp;Lock</source><translation>&amp;Sperren</translation></message>
<message><source>Keeps its area to itself: its paint pushes other words away. Click to let it overlap</source><translation>Behält seine Fläche für sich: Seine Farbe verdrängt andere Wörter. Klick lässt sie überlappen</translation></message>
<message><source>Lets other words' paint lie over its own. Click to keep the area to itself</source><translation>Lässt die Farbe anderer Wörter über der eigenen liegen. Klick behält die Fläche für sich</translation></message>
<message><source>Locked: this paint stays as it is. Click to unlock</source><translation>Gesperrt: diese Bemalung bleibt, wie sie ist. Klick zum Entsperren</translation></message>
<message><source>Lock: let this paint stay as it is</source><translation>Sperren: diese Bemalung bleibt, wie sie ist</translation></message>
<message><source>Muted: this paint is kept but ignored. Click to use it again</source><translation>Stumm: diese Bemalung bleibt erhalten, wirkt aber nicht. Klick, um sie wieder zu verwenden</translation></message>
<message><source>Mute: keep this paint, but ignore it in the picture</source><translation>Stummschalten: diese Bemalung behalten, aber im Bild nicht beachten</translation></message>
<message><source>Only this word acts. Click to let the others act again</source><translation>Nur dieses Wort wirkt. Klick, damit die anderen wieder wirken</translation></message>
<message><source>Solo: let only this word act</source><translation>Solo: nur dieses Wort wirken lassen</translation></message>
<message><source>Where this paint lies over that of words above it in the list.
Add: all act in full.
Top wins: only this word acts.
Share: together they act with the strength of one.</source><translation>Wo diese Farbe über der von Wörtern weiter oben in der Liste liegt.
Addieren: Alle wirken voll.
Oberes gewinnt: Der Platz gehört diesem Wort.
Teilen: Zusammen wirken sie so stark wie eines.</translation></message>
<message><source>Soft edge</source><translation>Weicher Rand</translation></message>
<message><source>How soft the edge of this paint is for the model. The paint itself stays as it is; N shows it</source><translation>Wie weich der Rand dieser Farbe für das Modell ist. Die Farbe selbst bleibt, wie sie ist; N zeigt es</translation></message>
<message><source>How closely this word keeps to its paint.
0: the paint is a hint, and the word may grow beyond it.
1: it stays inside, and the model is steered to show it there, which takes longer.
Not set: as the settings say for all words.</source><translation>Wie genau sich dieses Wort an seine Bemalung hält.
0: Die Bemalung ist ein Hinweis, das Wort darf darüber hinauswachsen.
1: Es bleibt darin, und das Modell wird dahin gelenkt, es dort zu zeigen. Das dauert länger.
Nicht gesetzt: wie es die Einstellungen für alle Wörter sagen.</translation></message>
<message><source>Where this word lies over others</source><translation>Wo dieses Wort über anderen liegt</translation></message>
<message><source>Like all words ({rule})</source><translation>Wie alle ({rule})</translation></message>
<message><source>like all words</source><translation>wie alle Wörter</translation></message>
<message><source>Over others</source><translation>Über anderen</translation></message>
</context>
<context><name>Messages</name>
<message><source>libraries</source><translation>Bibliotheken</translation></message>
<message><source>text encoder</source><translation>Textencoder</translation></message>
<message><source>second text encoder</source><translation>zweiter Textencoder</translation></message>
<message><source>third text encoder</source><translation>dritter Textencoder</translation></message>
<message><source>image encoder</source><translation>Bildencoder</translation></message>
<message><source>text conditioner</source><translation>Text-Aufbereiter</translation></message>
<message><source>denoiser</source><translation>Denoiser</translation></message>
<message><source>autoencoder</source><translation>Autoencoder</translation></message>
<message><source>its text encoder {1} (width {2})</source><translation>sein Textencoder {1} (Breite {2})</translation></message>
<message><source>its autoencoder (VAE)</source><translation>sein Autoencoder (VAE)</translation></message>
<message><source>its file</source><translation>seine Datei</translation></message>
<message><source>weights file</source><translation>Datei mit Gewichten</translation></message>
<message><source>{1} into "text_encoders"</source><translation>{1} nach "text_encoders"</translation></message>
<message><source>{1} into "vae"</source><translation>{1} nach "vae"</translation></message>
<message><source>scheduler</source><translation>Scheduler</translation></message>
<message><source>tokenizer</source><translation>Tokenizer</translation></message>
<message><source>expert "{1}"</source><translation>Experte „{1}“</translation></message>
<message><source>the file</source><translation>die Datei</translation></message>
<message><source>the model so that it fits. {1}</source><translation>das Modell so, dass es passt. {1}</translation></message>
<message><source>the model again, so that it takes less memory. {1}</source><translation>das Modell noch einmal, damit es weniger Speicher braucht. {1}</translation></message>
<message><source>the model again, without what other pictures left in memory</source><translation>das Modell noch einmal, ohne das, was andere Bilder im Speicher gelassen haben</translation></message>
<message><source>a LoRA: a small change to a model, not a model</source><translation>eine LoRA: eine kleine Änderung an einem Modell, kein Modell</translation></message>
<message><source>a ControlNet or adapter: it guides a model by a picture of lines, depth or poses</source><translation>ein ControlNet oder Adapter: es lenkt ein Modell mit einem Bild aus Linien, Tiefe oder Posen</translation></message>
<message><source>an IP-Adapter: it gives a model the look of a picture</source><translation>ein IP-Adapter: er gibt einem Modell das Aussehen eines Bildes</translation></message>
<message><source>a motion module of AnimateDiff: it makes a model draw moving pictures</source><translation>ein Bewegungsmodul von AnimateDiff: damit macht ein Modell bewegte Bilder</translation></message>
<message><source>a textual-inversion embedding: a new word for a model, not a model</source><translation>ein Textual-Inversion-Embedding: ein neues Wort für ein Modell, kein Modell</translation></message>
<message><source>a model of the Flux kind</source><translation>ein Modell der Art Flux</translation></message>
<message><source>a model of the Stable Diffusion 3 kind</source><translation>ein Modell der Art Stable Diffusion 3</translation></message>
<message><source>an inpainting model: besides the noise it needs a picture and a mask</source><translation>ein Inpainting-Modell: es braucht außer dem Rauschen ein Bild und eine Maske</translation></message>
<message><source>a depth model: besides the noise it needs a picture of the depth</source><translation>ein Tiefenmodell: es braucht außer dem Rauschen ein Tiefenbild</translation></message>
<message><source>an upscaling model: besides the noise it needs a small picture</source><translation>ein Modell zum Vergrößern: es braucht außer dem Rauschen ein kleines Bild</translation></message>
<message><source>a model that edits pictures or makes layers (Qwen-Image-Edit, -Layered)</source><translation>ein Modell, das Bilder bearbeitet oder Ebenen macht (Qwen-Image-Edit, -Layered)</translation></message>
<message><source>Cosmos Predict, which draws films</source><translation>Cosmos Predict, das Filme macht</translation></message>
<message><source>Check that you may write to {1}</source><translation>Prüfe, ob du in {1} schreiben darfst</translation></message>
<message><source>The disk is full: free some space</source><translation>Die Festplatte ist voll: schaffe Platz</translation></message>
<message><source>a size below {1}x{2} or a smaller model</source><translation>eine Größe unter {1}x{2} oder ein kleineres Modell</translation></message>
<message><source>a lower fidelity (its {1} gradient steps take most of the memory), {2}</source><translation>eine niedrigere Maltreue (ihre {1} Gradientenschritte brauchen den meisten Speicher), {2}</translation></message>
<message><source>encoding</source><translation>Kodieren</translation></message>
<message><source>decoding</source><translation>Dekodieren</translation></message>
<message><source>a batch of 1</source><translation>einen Stapel von 1</translation></message>
<message><source>a size below {1}x{2}</source><translation>eine Größe unter {1}x{2}</translation></message>
<message><source>a smaller model</source><translation>ein kleineres Modell</translation></message>
<message><source>All of it stays on the device</source><translation>Alles bleibt auf dem Gerät</translation></message>
<message><source>The text encoders wait on the CPU</source><translation>Die Textencoder warten auf der CPU</translation></message>
<message><source>The text encoders wait on the CPU, the denoiser's weights are stored in 8 bits</source><translation>Die Textencoder warten auf der CPU, die Gewichte des Denoisers liegen in 8 Bit</translation></message>
<message><source>The denoiser's weights, in 8 bits, are copied to the device layer by layer in each step</source><translation>Die Gewichte des Denoisers kommen in 8 Bit in jedem Schritt Schicht für Schicht auf das Gerät</translation></message>
<message><source>It runs on the CPU</source><translation>Es läuft auf der CPU</translation></message>
<message><source>pictures are decoded in tiles</source><translation>Bilder werden in Kacheln dekodiert</translation></message>
<message><source>the two halves of guidance run one after the other</source><translation>die beiden Hälften der Prompttreue kommen nacheinander</translation></message>
<message><source>once</source><translation>einmal</translation></message>
<message><source>{1} times</source><translation>{1}-mal</translation></message>
<message><source>prompt</source><translation>Prompt</translation></message>
<message><source>negative prompt</source><translation>negativen Prompt</translation></message>
<message><source>steps</source><translation>Schritte</translation></message>
<message><source>guidance</source><translation>Prompttreue</translation></message>
<message><source>seed</source><translation>Seed</translation></message>
<message><source>kind</source><translation>Art</translation></message>
<message><source>preparation</source><translation>Aufbereitung</translation></message>
<message><source>The picture</source><translation>Das Bild</translation></message>
<message><source>The mask</source><translation>Die Maske</translation></message>
<message><source>The mask "{1}"</source><translation>Die Maske „{1}“</translation></message>
<message><source>The colour layer</source><translation>Die Farbebene</translation></message>
<message><source>A control picture</source><translation>Ein Kontrollbild</translation></message>
<message><source>The picture of a style</source><translation>Das Bild eines Stils</translation></message>
<message><source>has colours</source><translation>hat Farben</translation></message>
<message><source>has values from {1} to {2}</source><translation>hat Werte von {1} bis {2}</translation></message>
<message><source>The layer “{1}”</source><translation>Die Ebene „{1}“</translation></message>
<message><source>Its list of words</source><translation>Ihre Wortliste</translation></message>
<message><source>Its list of styles</source><translation>Ihre Stilliste</translation></message>
<message><source>Its list of control pictures</source><translation>Ihre Liste der Kontrollbilder</translation></message>
<message><source>Its list of settings</source><translation>Ihre Liste der Einstellungen</translation></message>
<message><source>Its colour layer</source><translation>Ihre Farbebene</translation></message>
<message><source>The {1} of “{2}”</source><translation>Die Angabe {1} von „{2}“</translation></message>
<message><source>Its “{1}”</source><translation>Ihr „{1}“</translation></message>
<message><source>{1} of the expert “{2}”</source><translation>{1} des Experten „{2}“</translation></message>
<message><source>The star</source><translation>Der Stern</translation></message>
<message><source>The note</source><translation>Die Notiz</translation></message>
<message><source>a newer Wordbrush</source><translation>ein neueres Wordbrush</translation></message>
<message><source>Wordbrush {1} or later</source><translation>Wordbrush {1} oder neuer</translation></message>
<message><source>weights words</source><translation>gewichtet Wörter</translation></message>
<message><source>picks words by chance</source><translation>wählt zufällig ein Wort aus</translation></message>
<message><source>takes turns between words</source><translation>wechselt zwischen Wörtern ab</translation></message>
<message><source>splits the prompt</source><translation>teilt den Prompt</translation></message>
<message><source>calls an embedding</source><translation>ruft ein Embedding</translation></message>
<message><source>adds a network (such as a LoRA)</source><translation>fügt ein Netz hinzu (etwa eine LoRA)</translation></message>
<message><source>changes words between steps</source><translation>tauscht Wörter zwischen den Schritten</translation></message>
<message><source>here the seed picks them</source><translation>hier wählt der Seed</translation></message>
<message><source>here it is read as words</source><translation>hier gilt es als Wort</translation></message>
<message><source>here “{1}” has that strength once it is painted, and the model does not read the mark</source><translation>hier bekommt „{1}“ diese Stärke, sobald es bemalt ist, und das Modell liest die Marke nicht</translation></message>
<message><source>{1} and {2}</source><translation>{1} und {2}</translation></message>
<message><source>{1} more words</source><translation>{1} weitere Wörter</translation></message>
<message><source>{1} words</source><translation>{1} Wörter</translation></message>
<message><source>The starter</source><translation>Der Starter</translation></message>
<message><source>the starter</source><translation>der Starter</translation></message>
<message><source>The model {1}</source><translation>Das Modell {1}</translation></message>
<message><source>the model {1}</source><translation>das Modell {1}</translation></message>
<message><source>{1} (but {2})</source><translation>{1} (aber {2})</translation></message>
<message><source>{1}, and {2}</source><translation>{1}, und {2}</translation></message>
<message><source>{1}: {2}</source><translation>{1}: {2}</translation></message>
<message><source>muted</source><translation>stumm</translation></message>
<message><source>kept out</source><translation>ferngehalten</translation></message>
<message><source>{1} “{2}”</source><translation>{1} „{2}“</translation></message>
<message><source>Switch off</source><translation>Abschalten</translation></message>
<message><source>Show</source><translation>Zeigen</translation></message>
<message><source>Hide</source><translation>Verbergen</translation></message>
<message><source>Move</source><translation>Verschieben</translation></message>
<message><source>No longer paint</source><translation>Nicht mehr malen</translation></message>
<message><source>Clear</source><translation>Leeren</translation></message>
<message><source>Kind of</source><translation>Art von</translation></message>
<message><source>Use of</source><translation>Verwendung von</translation></message>
<message><source>ControlNet of</source><translation>ControlNet von</translation></message>
<message><source>Strength of</source><translation>Stärke von</translation></message>
<message><source>Steps of</source><translation>Schritte von</translation></message>
<message><source>Weight of</source><translation>Gewicht von</translation></message>
<message><source>Meaning of</source><translation>Bedeutung von</translation></message>
<message><source>Whole picture for</source><translation>ganzes Bild für</translation></message>
<message><source>One word for</source><translation>ein Wort für</translation></message>
<message><source>Select everything</source><translation>Alles auswählen</translation></message>
<message><source>The model's own experts</source><translation>die Experten des Modells</translation></message>
<message><source>The base alone</source><translation>nur die Basis</translation></message>
<message><source>Grow selection</source><translation>Auswahl erweitern</translation></message>
<message><source>Shrink selection</source><translation>Auswahl verkleinern</translation></message>
<message><source>Feather selection</source><translation>Auswahl weichzeichnen</translation></message>
<message><source>Invert selection</source><translation>Auswahl umkehren</translation></message>
<message><source>Move where “{1}” ends</source><translation>Ende von „{1}“ verschieben</translation></message>
<message><source>Replace “{1}”</source><translation>„{1}“ ersetzen</translation></message>
<message><source>Select “{1}”</source><translation>„{1}“ auswählen</translation></message>
<message><source>Split “{1}”</source><translation>„{1}“ teilen</translation></message>
<message><source>rectangle</source><translation>Rechteck</translation></message>
<message><source>ellipse</source><translation>Ellipse</translation></message>
<message><source>lasso</source><translation>Lasso</translation></message>
<message><source>polygon</source><translation>Vieleck</translation></message>
<message><source>Click a word in the prompt</source><translation>Klicke ein Wort im Prompt an</translation></message>
<message><source>Describe the picture at the top</source><translation>Beschreibe oben das Bild</translation></message>
<message><source>Paint where “{1}” should be</source><translation>Male, wo „{1}“ sein soll</translation></message>
<message><source>Paint where “{1}” should act</source><translation>Male, wo „{1}“ wirken soll</translation></message>
<message><source>Paint the colours for the picture to start from</source><translation>Male die Farben, mit denen das Bild beginnt</translation></message>
<message><source>Clear the colours</source><translation>Farben entfernen</translation></message>
<message><source>Fill with colour</source><translation>mit Farbe füllen</translation></message>
<message><source>Mirror the colours</source><translation>Farben spiegeln</translation></message>
<message><source>Take the picture's colours</source><translation>Farben des Bildes übernehmen</translation></message>
<message><source>Start from a picture</source><translation>mit einem Bild beginnen</translation></message>
<message><source>Show the colours</source><translation>Farben zeigen</translation></message>
<message><source>Hide the colours</source><translation>Farben verbergen</translation></message>
<message><source>Add the layer “{1}”</source><translation>Ebene „{1}“ hinzufügen</translation></message>
<message><source>Move the layer “{1}”</source><translation>Ebene „{1}“ verschieben</translation></message>
<message><source>Delete the layer “{1}”</source><translation>Ebene „{1}“ löschen</translation></message>
<message><source>Add “{1}”</source><translation>„{1}“ hinzufügen</translation></message>
<message><source>Remove “{1}”</source><translation>„{1}“ entfernen</translation></message>
<message><source>There is no paint to export yet.</source><translation>Es gibt noch keine Bemalung zum Exportieren.</translation></message>
<message><source>Paint a word first.</source><translation>Male erst ein Wort.</translation></message>
<message><source>“{1}” is open in another Wordbrush window.</source><translation>„{1}“ ist in einem anderen Wordbrush-Fenster offen.</translation></message>
<message><source>Save under another name, or close it there first.</source><translation>Speichere unter einem anderen Namen, oder schließe es erst dort.</translation></message>
<message><source>There is no picture to export yet.</source><translation>Es gibt noch kein Bild zum Exportieren.</translation></message>
<message><source>Press Generate (Ctrl+Return) to make one first.</source><translation>Klicke erst auf Erzeugen (Strg+Eingabe).</translation></message>
<message><source>There is a “{1}” already.</source><translation>Es gibt schon „{1}“.</translation></message>
<message><source>Save again and type {1}, or give it another name.</source><translation>Speichere noch einmal und gib {1} ein, oder nimm einen anderen Namen.</translation></message>
<message><source>Add the style “{1}”</source><translation>Stil „{1}“ hinzufügen</translation></message>
<message><source>Take pictures for {1}</source><translation>Bilder für {1} nehmen</translation></message>
<message><source>Add the LoRA “{1}”</source><translation>LoRA „{1}“ hinzufügen</translation></message>
<message><source>Write “{1}”</source><translation>„{1}“ schreiben</translation></message>
<message><source>Few steps for “{1}”</source><translation>wenige Schritte für „{1}“</translation></message>
<message><source>Open a result's scene</source><translation>Szene eines Ergebnisses öffnen</translation></message>
<message><source>Where “{1}” went was not measured. Generate again to see it.</source><translation>Wohin „{1}“ ging, wurde nicht gemessen. Erzeuge noch einmal, um es zu sehen.</translation></message>
<message><source>“{1}” was not in the prompt of this picture.</source><translation>„{1}“ stand nicht im Prompt dieses Bildes.</translation></message>
<message><source>Select where “{1}” went</source><translation>auswählen, wo „{1}“ gelandet ist</translation></message>
<message><source>Keep “{1}” where it is</source><translation>„{1}“ dort behalten, wo es ist</translation></message>
<message><source>The panels are back in their default places.</source><translation>Die Bereiche sind wieder an ihrem ersten Platz.</translation></message>
<message><source>The window did not open with its last layout.</source><translation>Mit der Anordnung vom letzten Mal ließ sich das Fenster nicht öffnen.</translation></message>
<message><source>Your preferences could not be read. Wordbrush started with its defaults.</source><translation>Deine Einstellungen waren nicht lesbar. Wordbrush ist mit den Vorgaben gestartet.</translation></message>
<message><source>Make sure that you can read “{1}”, then start Wordbrush again.</source><translation>Sorge dafür, dass „{1}“ lesbar ist, und starte Wordbrush neu.</translation></message>
<message><source>Your preferences were damaged. Wordbrush started with its defaults.</source><translation>Deine Einstellungen waren beschädigt. Wordbrush ist mit den Vorgaben gestartet.</translation></message>
<message><source>The damaged file is replaced as soon as you change a preference.</source><translation>Die beschädigte Datei wird ersetzt, sobald du eine Einstellung änderst.</translation></message>
<message><source>The damaged file was kept as “{1}”.</source><translation>Die beschädigte Datei liegt noch als „{1}“ da.</translation></message>
<message><source>{1} preferences were damaged and were reset to their defaults.</source><translation>{1} Einstellungen waren beschädigt und stehen wieder auf der Vorgabe.</translation></message>
<message><source>A preference was damaged and was reset to its default.</source><translation>Eine Einstellung war beschädigt und steht wieder auf der Vorgabe.</translation></message>
<message><source>Set again what you miss: {1}.</source><translation>Stelle wieder ein, was du vermisst: {1}.</translation></message>
<message><source>Something went wrong inside Wordbrush.</source><translation>In Wordbrush ist etwas schiefgegangen.</translation></message>
<message><source>Your scene is untouched; save it now (Ctrl+S). Copy the log if you want to report it.</source><translation>Deine Szene ist unversehrt; speichere sie jetzt (Strg+S). Um das Problem zu melden, kopiere das Protokoll.</translation></message>
<message><source>Strength of “{1}”</source><translation>Stärke von „{1}“</translation></message>
<message><source>“{1}” cannot be read any more.</source><translation>„{1}“ ist nicht mehr lesbar.</translation></message>
<message><source>It was moved, deleted or damaged by another program.</source><translation>Ein anderes Programm hat es verschoben, gelöscht oder beschädigt.</translation></message>
<message><source>The results folder could not be created.</source><translation>Der Ergebnisordner ließ sich nicht anlegen.</translation></message>
<message><source>Check that you may write to {1}.</source><translation>Prüfe, ob du in {1} schreiben darfst.</translation></message>
<message><source>Looks in the picture on the canvas. Words of its prompt help to tell one thing from the next.</source><translation>Sucht im Bild auf der Leinwand. Die Wörter seines Prompts helfen, ein Ding vom nächsten zu unterscheiden.</translation></message>
<message><source>Looks in the layers and colours under the words.</source><translation>Sucht in den Ebenen und Farben unter den Wörtern.</translation></message>
<message><source>Select “{1}” in the picture</source><translation>„{1}“ im Bild auswählen</translation></message>
<message><source>Paint “{1}” where the picture has it</source><translation>„{1}“ malen, wo das Bild es hat</translation></message>
<message><source>Describe the picture</source><translation>Das Bild beschreiben</translation></message>
<message><source>Select what is missing</source><translation>Auswählen, was fehlt</translation></message>
<message><source>There is no picture to look in. Generate one, open one, or drop one on the window.</source><translation>Es gibt kein Bild, in dem gesucht werden kann. Erzeuge oder öffne eines, oder zieh eines ins Fenster.</translation></message>
<message><source>Extend to {1} × {2}</source><translation>Auf {1} × {2} erweitern</translation></message>
<message><source>Few steps</source><translation>Wenige Schritte</translation></message>
<message><source>Blend the encoders</source><translation>Encoder mischen</translation></message>
<message><source>The scene could not be saved in the background.</source><translation>Die Szene ließ sich im Hintergrund nicht speichern.</translation></message>
<message><source>Check that the disk is not full, and save the scene yourself (Ctrl+S).</source><translation>Prüfe, ob die Festplatte voll ist, und speichere die Szene selbst (Strg+S).</translation></message>
<message><source>The name has {1}, which is not a known field.</source><translation>Im Namen steht {1}, wofür es nichts einzusetzen gibt.</translation></message>
<message><source>The fields are {prompt}, {seed}, {n} and {date}.</source><translation>Es gibt {prompt}, {seed}, {n} und {date}.</translation></message>
<message><source>The name is empty.</source><translation>Der Name ist leer.</translation></message>
<message><source>Write one, as {n}-{prompt}.</source><translation>Schreib einen, etwa {n}-{prompt}.</translation></message>
<message><source>Free some space, or choose another folder, and record again. What was recorded so far is kept.</source><translation>Schaffe Platz oder wähle einen anderen Ordner und nimm noch einmal auf. Was bisher aufgenommen wurde, bleibt erhalten.</translation></message>
<message><source>The recording could not be written.</source><translation>Die Aufnahme ließ sich nicht schreiben.</translation></message>
<message><source>“{1}” is a picture without a scene.</source><translation>„{1}“ ist ein Bild ohne Szene.</translation></message>
<message><source>Only pictures that Wordbrush exported with metadata contain their scene.</source><translation>Nur Bilder, die Wordbrush mit Metadaten exportiert hat, enthalten ihre Szene.</translation></message>
<message><source>It was made with the model “{1}”, which is now chosen.</source><translation>Es wurde mit dem Modell „{1}“ gemacht, das jetzt gewählt ist.</translation></message>
<message><source>“{1}” contains no scene.</source><translation>„{1}“ enthält keine Szene.</translation></message>
<message><source>Open another file.</source><translation>Öffne eine andere Datei.</translation></message>
<message><source>The version before it is beside it: open “{1}”.</source><translation>Die vorige Fassung liegt daneben: öffne „{1}“.</translation></message>
<message><source>{1} is not a file.</source><translation>{1} ist keine Datei.</translation></message>
<message><source>Open a scene (.ora) or a picture.</source><translation>Öffne eine Szene (.ora) oder ein Bild.</translation></message>
<message><source>{1} is too large.</source><translation>{1} ist zu groß.</translation></message>
<message><source>Open a Wordbrush scene or picture.</source><translation>Öffne eine Szene oder ein Bild von Wordbrush.</translation></message>
<message><source>There is no file {1}.</source><translation>Es gibt keine Datei {1}.</translation></message>
<message><source>Check the name, or pick another file.</source><translation>Prüfe den Namen, oder wähle eine andere Datei.</translation></message>
<message><source>Check that you may read it, or pick another file.</source><translation>Prüfe, ob du sie lesen darfst, oder wähle eine andere Datei.</translation></message>
<message><source>{1} cannot be read.</source><translation>{1} ist nicht lesbar.</translation></message>
<message><source>A newer Wordbrush left it in the queue.</source><translation>Ein neueres Wordbrush hat ihn in der Warteschlange gelassen.</translation></message>
<message><source>Open that one to make its picture.</source><translation>Jenes öffnen, um sein Bild zu machen.</translation></message>
<message><source>A request in the queue is damaged.</source><translation>Ein Auftrag in der Warteschlange ist beschädigt.</translation></message>
<message><source>Ask for its picture again.</source><translation>Das Bild noch einmal machen lassen.</translation></message>
<message><source>A request in the queue has no scene.</source><translation>Ein Auftrag in der Warteschlange hat keine Szene.</translation></message>
<message><source>{1} could not be saved.</source><translation>{1} konnte nicht gespeichert werden.</translation></message>
<message><source>Check that the disk is not full.</source><translation>Prüfe, ob die Festplatte voll ist.</translation></message>
<message><source>Check that the disk is not full and that you may write there; the picture is still shown.</source><translation>Prüfe, ob die Festplatte voll ist und ob du dort schreiben darfst; das Bild ist noch zu sehen.</translation></message>
<message><source>“{1}” could not be deleted.</source><translation>„{1}“ ließ sich nicht löschen.</translation></message>
<message><source>Close other programs that use it, or delete it in your file manager.</source><translation>Schließe andere Programme, die es verwenden, oder lösche es im Dateimanager.</translation></message>
<message><source>“{1}” could not be put back.</source><translation>„{1}“ ließ sich nicht zurückholen.</translation></message>
<message><source>Look for it in the trash of your file manager.</source><translation>Suche im Papierkorb deines Dateimanagers danach.</translation></message>
<message><source>They are kept in memory until then; the last one is on the canvas and can be exported (Ctrl+E).</source><translation>Bis dahin bleiben sie im Speicher; das letzte liegt auf der Leinwand und lässt sich exportieren (Strg+E).</translation></message>
<message><source>It stays on the canvas and can be exported to another disk (Ctrl+E).</source><translation>Es bleibt auf der Leinwand und lässt sich auf eine andere Festplatte exportieren (Strg+E).</translation></message>
<message><source>The picture could not be kept in the results folder.</source><translation>Das Bild ließ sich nicht im Ergebnisordner ablegen.</translation></message>
<message><source>{1} pictures could not be kept in the results folder.</source><translation>{1} Bilder ließen sich nicht im Ergebnisordner ablegen.</translation></message>
<message><source>{1}, then try again. {2}</source><translation>{1}, dann versuche es noch einmal. {2}</translation></message>
<message><source>Take the look of “{1}”</source><translation>Aussehen von „{1}“ übernehmen</translation></message>
<message><source>Only a link was dropped, not the picture itself.</source><translation>Es kam nur ein Link an, nicht das Bild selbst.</translation></message>
<message><source>Save the picture to a file first, then drop the file here.</source><translation>Speichere das Bild erst als Datei und ziehe dann die Datei hierher.</translation></message>
<message><source>"{1}" cannot be read.</source><translation>„{1}“ ist nicht lesbar.</translation></message>
<message><source>Save it again as a PNG.</source><translation>Speichere es noch einmal als PNG.</translation></message>
<message><source>Take the mood “{1}”</source><translation>Stimmung „{1}“ nehmen</translation></message>
<message><source>Remove the mood</source><translation>Stimmung entfernen</translation></message>
<message><source>Strength of the mood</source><translation>Stärke der Stimmung</translation></message>
<message><source>The teaching ended by itself.</source><translation>Das Training endete von selbst.</translation></message>
<message><source>Continue it: what was learnt until the last checkpoint is kept.</source><translation>Setzen Sie es fort: Was bis zum letzten Sicherungspunkt gelernt wurde, ist noch da.</translation></message>
<message><source>Guidance of “{1}”</source><translation>Prompttreue von „{1}“</translation></message>
<message><source>The reference picture cannot be kept.</source><translation>Das Referenzbild kann nicht behalten werden.</translation></message>
<message><source>It is shown until Wordbrush is closed; make room on the disk.</source><translation>Es ist zu sehen, bis Wordbrush geschlossen wird; auf dem Datenträger Platz schaffen.</translation></message>
<message><source>{1} does not know {2}.</source><translation>{1} kennt {2} nicht.</translation></message>
<message><source>Your scene is untouched. Copy the log if you want to report it.</source><translation>Deine Szene ist unversehrt. Um das Problem zu melden, kopiere das Protokoll.</translation></message>
<message><source>Open another copy of the file, or one that Wordbrush saved.</source><translation>Öffne eine andere Kopie der Datei, oder eine, die Wordbrush gespeichert hat.</translation></message>
<message><source>“{1}” is not a complete OpenRaster file.</source><translation>„{1}“ ist keine vollständige OpenRaster-Datei.</translation></message>
<message><source>There is no file “{1}”.</source><translation>Es gibt keine Datei „{1}“.</translation></message>
<message><source>“{1}” is not a scene file.</source><translation>„{1}“ ist keine Szenendatei.</translation></message>
<message><source>“{1}” would unpack to far too much data.</source><translation>„{1}“ wäre entpackt viel zu groß.</translation></message>
<message><source>A part of this file is missing: {1}.</source><translation>Ein Teil dieser Datei fehlt: {1}.</translation></message>
<message><source>A part of this file would unpack to far too much data: {1}.</source><translation>Ein Teil dieser Datei wäre entpackt viel zu groß: {1}.</translation></message>
<message><source>A part of this file is damaged: {1}.</source><translation>Ein Teil dieser Datei ist beschädigt: {1}.</translation></message>
<message><source>The disk is full: free some space, or save to another disk.</source><translation>Die Festplatte ist voll: schaffe Platz, oder speichere auf einer anderen.</translation></message>
<message><source>Your share of the disk is used up: free some space, or save to another disk.</source><translation>Dein Anteil an der Festplatte ist aufgebraucht: schaffe Platz, oder speichere auf einer anderen.</translation></message>
<message><source>The file is larger than this disk allows: save to another disk.</source><translation>Die Datei ist größer, als diese Festplatte erlaubt: speichere auf einer anderen.</translation></message>
<message><source>You may not write there: save to another folder.</source><translation>Du darfst dort nicht schreiben: speichere in einem anderen Ordner.</translation></message>
<message><source>That disk is read-only: save to another disk.</source><translation>Diese Festplatte ist schreibgeschützt: speichere auf einer anderen.</translation></message>
<message><source>That folder is not there: pick another one, or make it first.</source><translation>Diesen Ordner gibt es nicht: wähle einen anderen, oder lege ihn erst an.</translation></message>
<message><source>There is a folder of that name: pick another name.</source><translation>Es gibt einen Ordner dieses Namens: wähle einen anderen Namen.</translation></message>
<message><source>The name is too long: pick a shorter one.</source><translation>Der Name ist zu lang: wähle einen kürzeren.</translation></message>
<message><source>“{1}” could not be saved.</source><translation>„{1}“ ließ sich nicht speichern.</translation></message>
<message><source>Save to another folder or disk.</source><translation>Speichere in einem anderen Ordner oder auf einer anderen Festplatte.</translation></message>
<message><source>Nothing is lost: it is still open.</source><translation>Nichts ist verloren: die Szene ist noch offen.</translation></message>
<message><source>The picture that it started from is not in this file, so it cannot be made again as it is.</source><translation>Das Bild, mit dem es begann, ist nicht in dieser Datei; genau so lässt es sich also nicht noch einmal machen.</translation></message>
<message><source>The prompt that was edited is not in this file with its paint, so it cannot be made again as it is.</source><translation>Der Prompt, der geändert wurde, ist mit seiner Bemalung nicht in dieser Datei; das Bild lässt sich so nicht noch einmal machen.</translation></message>
<message><source>What this picture started from is written in a form that Wordbrush does not understand.</source><translation>Womit dieses Bild begann, steht darin auf eine Art, die hier nicht verstanden wird.</translation></message>
<message><source>{1} It was left out.</source><translation>{1} Es wurde weggelassen.</translation></message>
<message><source>“{1}” is not a colour map: it has no areas of one colour.</source><translation>„{1}“ ist keine Farbkarte: es hat keine Flächen in einer Farbe.</translation></message>
<message><source>Open a picture of flat colours, such as a segmentation map, saved as a PNG.</source><translation>Öffne ein Bild mit Farbflächen, etwa eine Segmentierung, als PNG gespeichert.</translation></message>
<message><source>The colour map is too large.</source><translation>Die Farbkarte ist zu groß.</translation></message>
<message><source>Use at most {1} pixels a side.</source><translation>Höchstens {1} Pixel pro Seite.</translation></message>
<message><source>No colour of this map has words yet.</source><translation>Noch keine Farbe dieser Karte hat Wörter.</translation></message>
<message><source>Write a phrase beside a colour, or choose a palette.</source><translation>Schreibe eine Wortgruppe neben eine Farbe, oder wähle eine Palette.</translation></message>
<message><source>This colour map cannot be used. {1}</source><translation>Diese Farbkarte ist nicht verwendbar. {1}</translation></message>
<message><source>{1} of {2} colours have no words and were left unpainted.</source><translation>{1} von {2} Farben haben keine Wörter und blieben unbemalt.</translation></message>
<message><source>{1} of the map has none of the colours and was left unpainted.</source><translation>{1} der Karte haben keine der Farben und blieben unbemalt.</translation></message>
<message><source>“{1}” is not a phrase.</source><translation>„{1}“ ist keine Wortgruppe.</translation></message>
<message><source>Write words beside the colour.</source><translation>Schreibe Wörter neben die Farbe.</translation></message>
<message><source>“{1}” has several colours; its strength is {2}.</source><translation>„{1}“ hat mehrere Farben; die Stärke ist {2}.</translation></message>
<message><source>Write it as {(r, g, b): "phrase,strength", ...}, such as {(0, 0, 255): "lake,1.0"}.</source><translation>Schreibe sie als {(r, g, b): "Wortgruppe,Stärke", ...}, etwa {(0, 0, 255): "lake,1.0"}.</translation></message>
<message><source>The table of colours cannot be read.</source><translation>Die Farbtabelle ist nicht lesbar.</translation></message>
<message><source>The table of colours cannot be used.</source><translation>Die Farbtabelle ist nicht verwendbar.</translation></message>
<message><source>The table {1} cannot be read.</source><translation>Die Tabelle {1} ist nicht lesbar.</translation></message>
<message><source>The strength of “{1}” was {2} and is {3}: it can be -2 to 2.</source><translation>Die Stärke von „{1}“ war {2} und ist jetzt {3}: möglich ist -2 bis 2.</translation></message>
<message><source>The seed of “{1}” was left out: a picture has one seed here.</source><translation>Der Seed von „{1}“ wurde weggelassen: ein Bild hat hier einen einzigen Seed.</translation></message>
<message><source>It was made with the model “{1}”: choose it if you have it.</source><translation>Es wurde mit dem Modell „{1}“ gemacht: wähle es, wenn du es hast.</translation></message>
<message><source>The prompt and settings of {1} were imported; it has no painted words.</source><translation>Prompt und Einstellungen von {1} wurden übernommen; bemalte Wörter gibt es darin nicht.</translation></message>
<message><source>Its {1} “{2}” cannot be used here and was left out.</source><translation>{1} „{2}“ ist hier nicht möglich und wurde weggelassen.</translation></message>
<message><source>The sampler “{1}” is not known here; {2} is used.</source><translation>Der Sampler „{1}“ ist hier nicht bekannt; {2} wird verwendet.</translation></message>
<message><source>Not understood and left out: {1}.</source><translation>Nicht verstanden und weggelassen: {1}.</translation></message>
<message><source>It calls the LoRA {1}: keep its file in the folder of LoRA files, or remove it.</source><translation>Es ruft die LoRA {1}: leg ihre Datei in den Ordner der LoRA-Dateien, oder nimm sie heraus.</translation></message>
<message><source>The prompt of this picture cannot be used. {1}</source><translation>Der Prompt dieses Bildes ist nicht verwendbar. {1}</translation></message>
<message><source>“{1}” in the {2} {3} in other programs; {4}.</source><translation>„{1}“ ({2}): {3} in anderen Programmen; {4}.</translation></message>
<message><source>Open another copy of the file.</source><translation>Öffne eine andere Kopie der Datei.</translation></message>
<message><source>{1} is not a complete PNG picture.</source><translation>{1} ist kein vollständiges PNG-Bild.</translation></message>
<message><source>{1} is not an 8-bit grey picture.</source><translation>{1} ist kein Graustufenbild mit 8 Bit.</translation></message>
<message><source>{1} is not an RGBA picture of 8 bits.</source><translation>{1} ist kein RGBA-Bild mit 8 Bit.</translation></message>
<message><source>{1} is not a control picture.</source><translation>{1} ist keine Vorlage.</translation></message>
<message><source>{1} is not a style's.</source><translation>{1} ist keines eines Stils.</translation></message>
<message><source>“{1}” is not a file of Krita.</source><translation>„{1}“ ist keine Datei von Krita.</translation></message>
<message><source>Save it again in Krita, as .ora.</source><translation>Speichere sie in Krita noch einmal, als .ora.</translation></message>
<message><source>The paint of its layers was left out: save it in Krita as OpenRaster (.ora) to bring it along.</source><translation>Die Bemalung seiner Ebenen wurde weggelassen: speichere es in Krita als OpenRaster (.ora), um sie mitzunehmen.</translation></message>
<message><source>“{1}” has no picture and no named layers.</source><translation>„{1}“ hat kein Bild und keine benannten Ebenen.</translation></message>
<message><source>The file holds only a small preview of its picture, which was left out.</source><translation>Die Datei enthält nur eine kleine Vorschau ihres Bildes; sie wurde weggelassen.</translation></message>
<message><source>The list of layers is damaged.</source><translation>Die Ebenenliste ist beschädigt.</translation></message>
<message><source>This file has no usable picture size.</source><translation>Diese Datei hat keine brauchbare Bildgröße.</translation></message>
<message><source>Use 1 to {1} pixels a side.</source><translation>1 bis {1} Pixel pro Seite.</translation></message>
<message><source>The list of layers declares entities, which Wordbrush does not read.</source><translation>Die Ebenenliste deklariert Entities, die Wordbrush nicht liest.</translation></message>
<message><source>This file has too many layers.</source><translation>Diese Datei hat zu viele Ebenen.</translation></message>
<message><source>Use at most {1}.</source><translation>Höchstens {1}.</translation></message>
<message><source>The list of layers carries a DOCTYPE, which Wordbrush does not read.</source><translation>Die Ebenenliste enthält einen DOCTYPE, den Wordbrush nicht liest.</translation></message>
<message><source>The list of layers is nested too deeply.</source><translation>Die Ebenenliste ist zu tief verschachtelt.</translation></message>
<message><source>This OpenRaster file has no Wordbrush words.</source><translation>Diese OpenRaster-Datei hat keine Wörter von Wordbrush.</translation></message>
<message><source>Name each layer after its word and number, such as “house#1”, or open a Wordbrush scene.</source><translation>Benenne jede Ebene nach ihrem Wort und seiner Nummer, etwa „house#1“, oder öffne eine Szene von Wordbrush.</translation></message>
<message><source>The layers of this file cannot be used. {1}</source><translation>Die Ebenen dieser Datei sind nicht verwendbar. {1}</translation></message>
<message><source>The layer of “{1}” is empty: the word has no paint.</source><translation>Die Ebene von „{1}“ ist leer: das Wort hat keine Bemalung.</translation></message>
<message><source>The prompt was made from the names of the layers, as the file carries no scene.</source><translation>Der Prompt wurde aus den Namen der Ebenen gemacht, da die Datei keine Szene enthält.</translation></message>
<message><source>{1} was the area of a style; the style itself is not in the file.</source><translation>{1} war der Bereich eines Stils; der Stil selbst ist nicht in der Datei.</translation></message>
<message><source>{1} was left out: it holds no picture.</source><translation>{1} wurde weggelassen: sie enthält kein Bild.</translation></message>
<message><source>{1} was taken as a picture layer under the colours.</source><translation>{1} wurde als Bildebene unter den Farben genommen.</translation></message>
<message><source>{1} was left out: name it after its word, such as “house#1”, to paint with it.</source><translation>{1} wurde weggelassen: benenne sie nach ihrem Wort, etwa „house#1“, um damit zu malen.</translation></message>
<message><source>{1} was taken as the paint of that word: its name has no number such as “#1”.</source><translation>{1} wurde als Bemalung dieses Wortes genommen: in ihrem Namen steht keine Nummer wie „#1“.</translation></message>
<message><source>The layer “{1}” was left out: at most {2} pictures are kept.</source><translation>Die Ebene „{1}“ wurde weggelassen: es bleiben höchstens {2} Bilder.</translation></message>
<message><source>The picture in this file was left out: it no longer has the size of the canvas.</source><translation>Das Bild in dieser Datei wurde weggelassen: es hat nicht mehr die Größe der Leinwand.</translation></message>
<message><source>{1} holds no picture.</source><translation>{1} enthält kein Bild.</translation></message>
<message><source>Paint on it, or delete it, and save the file again.</source><translation>Male darauf, oder lösche sie, und speichere die Datei noch einmal.</translation></message>
<message><source>The layer “{1}” has too high a number.</source><translation>Die Ebene „{1}“ hat eine zu hohe Nummer.</translation></message>
<message><source>The name of the layer “{1}” is too long.</source><translation>Der Name der Ebene „{1}“ ist zu lang.</translation></message>
<message><source>Give it a shorter name.</source><translation>Gib ihr einen kürzeren Namen.</translation></message>
<message><source>The names of the layers make the prompt too long.</source><translation>Die Namen der Ebenen ergeben einen zu langen Prompt.</translation></message>
<message><source>The layer “{1}” is not named after a word.</source><translation>Die Ebene „{1}“ ist nicht nach einem Wort benannt.</translation></message>
<message><source>Give it another name.</source><translation>Gib ihr einen anderen Namen.</translation></message>
<message><source>Open the picture as Wordbrush saved it: other programs may drop or cut what it carries.</source><translation>Öffne das Bild, wie Wordbrush es gespeichert hat: andere Programme lassen weg oder kürzen, was es mitführt.</translation></message>
<message><source>The picture is too large for a {1} file.</source><translation>Das Bild ist zu groß für eine {1}-Datei.</translation></message>
<message><source>Export it as a PNG.</source><translation>Exportiere es als PNG.</translation></message>
<message><source>The scene in this picture is damaged.</source><translation>Die Szene in diesem Bild ist beschädigt.</translation></message>
<message><source>The scene in this picture is far too long.</source><translation>Die Szene in diesem Bild ist viel zu lang.</translation></message>
<message><source>A picture of shape {1} does not fit.</source><translation>Ein Bild der Form {1} passt nicht.</translation></message>
<message><source>Use RGB of {1}x{2}.</source><translation>Nimm RGB von {1}x{2}.</translation></message>
<message><source>The scene is too large for one file.</source><translation>Die Szene ist zu groß für eine Datei.</translation></message>
<message><source>Clear the paint of words that do not matter, or make the canvas smaller.</source><translation>Entferne die Bemalung unwichtiger Wörter, oder mach die Leinwand kleiner.</translation></message>
<message><source>This OpenRaster file has neither Wordbrush words nor a merged picture.</source><translation>Diese OpenRaster-Datei hat weder Wörter von Wordbrush noch ein zusammengefügtes Bild.</translation></message>
<message><source>Save it again, or name each layer after its word and number, such as “house#1”.</source><translation>Speichere sie noch einmal, oder benenne jede Ebene nach ihrem Wort und dessen Nummer, etwa „house#1“.</translation></message>
<message><source>“{1}” is a zip archive, but not an OpenRaster file.</source><translation>„{1}“ ist ein Zip-Archiv, aber keine OpenRaster-Datei.</translation></message>
<message><source>Open a .ora file, or a PNG with a scene.</source><translation>Öffne eine .ora-Datei, oder ein PNG mit Szene.</translation></message>
<message><source>The scene in this file names no mask for its paint.</source><translation>Die Szene in dieser Datei nennt keine Maske für ihre Bemalung.</translation></message>
<message><source>The mask {1} does not have the size of the picture.</source><translation>Die Maske {1} hat nicht die Größe des Bildes.</translation></message>
<message><source>A picture layer in this file has no usable name.</source><translation>Eine Bildebene in dieser Datei hat keinen brauchbaren Namen.</translation></message>
<message><source>The scene has too much paint to fit into a PNG.</source><translation>Die Szene hat zu viel Bemalung, um in ein PNG zu passen.</translation></message>
<message><source>Save the scene as an .ora file, and export the picture without its scene.</source><translation>Speichere die Szene als .ora-Datei, und exportiere das Bild ohne seine Szene.</translation></message>
<message><source>An array of shape {1} is not a picture.</source><translation>Ein Array der Form {1} ist kein Bild.</translation></message>
<message><source>Give uint8 RGB [height, width, 3].</source><translation>Gib uint8 RGB [Höhe, Breite, 3] an.</translation></message>
<message><source>Open a Wordbrush picture.</source><translation>Öffne ein Bild von Wordbrush.</translation></message>
<message><source>A mask does not have the size of the scene.</source><translation>Eine Maske hat nicht die Größe der Szene.</translation></message>
<message><source>{1} is missing from this picture.</source><translation>{1} fehlt in diesem Bild.</translation></message>
<message><source>{1} in this picture is damaged.</source><translation>{1} ist in diesem Bild beschädigt.</translation></message>
<message><source>Save it again with “Maximise compatibility”, or as OpenRaster (.ora) in Krita or GIMP.</source><translation>Speichere es noch einmal mit „Kompatibilität maximieren“, oder als OpenRaster (.ora) in Krita oder GIMP.</translation></message>
<message><source>The file holds no merged picture that can be read.</source><translation>Die Datei enthält kein lesbares Gesamtbild.</translation></message>
<message><source>“{1}” cannot be read.</source><translation>„{1}“ ist nicht lesbar.</translation></message>
<message><source>“{1}” is not a Photoshop file that Wordbrush reads.</source><translation>„{1}“ ist keine Photoshop-Datei, die Wordbrush liest.</translation></message>
<message><source>“{1}” is too large.</source><translation>„{1}“ ist zu groß.</translation></message>
<message><source>Its layers were left out: they need psd-tools (pip install wordbrush[psd]).</source><translation>Ihre Ebenen wurden weggelassen: sie brauchen psd-tools (pip install wordbrush[psd]).</translation></message>
<message><source>Its layers were left out: they are too large.</source><translation>Ihre Ebenen wurden weggelassen: sie sind zu groß.</translation></message>
<message><source>Its layers were left out: they cannot be read ({1}).</source><translation>Ihre Ebenen wurden weggelassen: sie sind nicht lesbar ({1}).</translation></message>
<message><source>Photoshop's files need one more package.</source><translation>Dateien von Photoshop brauchen ein weiteres Paket.</translation></message>
<message><source>Install it: pip install wordbrush[psd]. Or save as .ora.</source><translation>Installiere es: pip install wordbrush[psd]. Oder speichere als .ora.</translation></message>
<message><source>A scene holds at most {1} words.</source><translation>Eine Szene fasst höchstens {1} Wörter.</translation></message>
<message><source>A scene holds at most {1} styles.</source><translation>Eine Szene fasst höchstens {1} Stile.</translation></message>
<message><source>A scene holds at most {1} control pictures.</source><translation>Eine Szene fasst höchstens {1} Kontrollbilder.</translation></message>
<message><source>A scene holds at most {1} picture layers.</source><translation>Eine Szene fasst höchstens {1} Bildebenen.</translation></message>
<message><source>A scene holds at most {1} guides.</source><translation>Eine Szene fasst höchstens {1} Hilfslinien.</translation></message>
<message><source>{1} was {2} and is {3} now: it can be {4} to {5}.</source><translation>{1}: aus {2} wurde {3}, möglich ist {4} bis {5}.</translation></message>
<message><source>The words of this scene are too long to be saved.</source><translation>Die Wörter dieser Szene sind zu lang zum Speichern.</translation></message>
<message><source>Shorten the prompt and its words.</source><translation>Kürze den Prompt und seine Wörter.</translation></message>
<message><source>{1} painted words on {2}x{3} pixels are too much for one file.</source><translation>{1} bemalte Wörter auf {2}x{3} Pixeln sind zu viel für eine Datei.</translation></message>
<message><source>Clear the paint of words that do not matter, delete layers, or make the canvas smaller.</source><translation>Entferne die Bemalung unwichtiger Wörter, lösche Ebenen, oder mach die Leinwand kleiner.</translation></message>
<message><source>The scene in this file holds a value that is not a number ({1}).</source><translation>Die Szene in dieser Datei enthält einen Wert, der keine Zahl ist ({1}).</translation></message>
<message><source>The scene in this file is damaged.</source><translation>Die Szene in dieser Datei ist beschädigt.</translation></message>
<message><source>This scene is of version {1}; this Wordbrush knows version {2}.</source><translation>Diese Szene hat Version {1}; dieses Wordbrush kennt Version {2}.</translation></message>
<message><source>Update to {1}, then open the file again.</source><translation>Aktualisiere auf {1} und öffne die Datei dann noch einmal.</translation></message>
<message><source>{1} Or open another copy of the file.</source><translation>{1} Oder öffne eine andere Kopie der Datei.</translation></message>
<message><source>The scene in this file cannot be used. {1}</source><translation>Die Szene in dieser Datei ist nicht verwendbar. {1}</translation></message>
<message><source>This file holds far too much paint.</source><translation>Diese Datei enthält viel zu viel Bemalung.</translation></message>
<message><source>A text in it is not text.</source><translation>Ein Text darin ist kein Text.</translation></message>
<message><source>The colour layer does not have the size of the picture.</source><translation>Die Farbebene hat nicht die Größe des Bildes.</translation></message>
<message><source>{1} does not have the size of the picture.</source><translation>{1} hat nicht die Größe des Bildes.</translation></message>
<message><source>The strength of the colours</source><translation>Die Stärke der Farben</translation></message>
<message><source>Whether the colours are shown</source><translation>Ob die Farben zu sehen sind</translation></message>
<message><source>Colours must be RGBA of 8 bits, not {1} of shape {2}.</source><translation>Farben müssen RGBA mit 8 Bit sein, nicht {1} der Form {2}.</translation></message>
<message><source>Save them as an RGBA picture of the canvas' size.</source><translation>Speichere sie als RGBA-Bild in der Größe der Leinwand.</translation></message>
<message><source>Tile {1} lies outside the canvas.</source><translation>Kachel {1} liegt außerhalb der Leinwand.</translation></message>
<message><source>Paint inside the canvas.</source><translation>Male innerhalb der Leinwand.</translation></message>
<message><source>A tile must be uint8 [{1}, {2}, 4].</source><translation>Eine Kachel muss uint8 [{1}, {2}, 4] sein.</translation></message>
<message><source>Use ColourLayer.from_array.</source><translation>Verwende ColourLayer.from_array.</translation></message>
<message><source>A picture layer's id</source><translation>Die Kennung einer Bildebene</translation></message>
<message><source>Use at most 64 letters and digits.</source><translation>Nimm höchstens 64 Buchstaben und Ziffern.</translation></message>
<message><source>A picture layer's name</source><translation>Der Name einer Bildebene</translation></message>
<message><source>Give it a name of printable characters.</source><translation>Gib ihm einen Namen aus druckbaren Buchstaben.</translation></message>
<message><source>The opacity of “{1}”</source><translation>Die Deckkraft von „{1}“</translation></message>
<message><source>Whether “{1}” is shown</source><translation>Ob „{1}“ zu sehen ist</translation></message>
<message><source>Use a start and an end between 0 and 1.</source><translation>Anfang und Ende müssen zwischen 0 und 1 liegen.</translation></message>
<message><source>There is no {1} of control picture named “{2}”.</source><translation>Für Kontrollbilder gibt es nicht: {1} „{2}“.</translation></message>
<message><source>Choose one of: {1}.</source><translation>Wähle eines von: {1}.</translation></message>
<message><source>The control picture “{1}” cannot act from {2} to {3}.</source><translation>Die Vorlage „{1}“ kann nicht von {2} bis {3} wirken.</translation></message>
<message><source>The control picture “{1}” is damaged or too large.</source><translation>Die Vorlage „{1}“ ist beschädigt oder zu groß.</translation></message>
<message><source>Choose the picture again.</source><translation>Wähle das Bild noch einmal.</translation></message>
<message><source>Edit prompt</source><translation>Prompt ändern</translation></message>
<message><source>Edit negative prompt</source><translation>negativen Prompt ändern</translation></message>
<message><source>Pick “{1}”</source><translation>„{1}“ wählen</translation></message>
<message><source>Attach “{1}”</source><translation>„{1}“ anhängen</translation></message>
<message><source>Drop “{1}”</source><translation>„{1}“ entfernen</translation></message>
<message><source>Window of “{1}”</source><translation>Zeitfenster von „{1}“</translation></message>
<message><source>Colour of “{1}”</source><translation>Farbe von „{1}“</translation></message>
<message><source>Show “{1}”</source><translation>„{1}“ zeigen</translation></message>
<message><source>Hide “{1}”</source><translation>„{1}“ verbergen</translation></message>
<message><source>Mute “{1}”</source><translation>„{1}“ stumm schalten</translation></message>
<message><source>Unmute “{1}”</source><translation>„{1}“ wieder laut schalten</translation></message>
<message><source>Solo “{1}”</source><translation>nur „{1}“</translation></message>
<message><source>End solo of “{1}”</source><translation>„{1}“ nicht mehr allein</translation></message>
<message><source>Give paint to “{1}”</source><translation>Bemalung an „{1}“ geben</translation></message>
<message><source>Copy paint to “{1}”</source><translation>Bemalung zu „{1}“ kopieren</translation></message>
<message><source>Swap paint with “{1}”</source><translation>Bemalung mit „{1}“ tauschen</translation></message>
<message><source>Move “{1}” in the list</source><translation>„{1}“ in der Liste verschieben</translation></message>
<message><source>Fill the rest with “{1}”</source><translation>Rest mit „{1}“ füllen</translation></message>
<message><source>Fill everything with “{1}”</source><translation>alles mit „{1}“ füllen</translation></message>
<message><source>Mirror “{1}”</source><translation>„{1}“ spiegeln</translation></message>
<message><source>Share the area of “{1}”</source><translation>Fläche von „{1}“ teilen</translation></message>
<message><source>Keep the area of “{1}”</source><translation>Fläche von „{1}“ behalten</translation></message>
<message><source>Lock “{1}”</source><translation>„{1}“ sperren</translation></message>
<message><source>Unlock “{1}”</source><translation>„{1}“ entsperren</translation></message>
<message><source>Clear “{1}”</source><translation>„{1}“ leeren</translation></message>
<message><source>Guides</source><translation>Hilfslinien</translation></message>
<message><source>Change settings</source><translation>Bildeinstellungen ändern</translation></message>
<message><source>Crop to {1} × {2}</source><translation>auf {1} × {2} zuschneiden</translation></message>
<message><source>Resize to {1} × {2}</source><translation>auf {1} × {2} vergrößern oder verkleinern</translation></message>
<message><source>There is no word at {1} in the prompt.</source><translation>Bei {1} steht kein Wort im Prompt.</translation></message>
<message><source>Select one or more characters in the prompt.</source><translation>Wähle im Prompt einen oder mehrere Buchstaben.</translation></message>
<message><source>“{1}” already has paint.</source><translation>„{1}“ ist schon bemalt.</translation></message>
<message><source>Select other text in the prompt, or remove that word from the list first.</source><translation>Markiere anderen Text im Prompt, oder entferne erst jenes Wort aus der Liste.</translation></message>
<message><source>Remove one first.</source><translation>Entferne erst einen.</translation></message>
<message><source>There are {1} experts.</source><translation>Es gibt {1} Experten.</translation></message>
<message><source>The experts do not cover each noise level exactly once: {1}.</source><translation>Die Experten decken nicht jede Rauschstufe genau einmal ab: {1}.</translation></message>
<message><source>Let each expert start where the one below it ends, or reset the timeline.</source><translation>Lass jeden Experten dort beginnen, wo der darunter endet, oder setze die Zeitleiste zurück.</translation></message>
<message><source>Whether a guide is vertical</source><translation>Ob eine Hilfslinie senkrecht ist</translation></message>
<message><source>The place of a guide</source><translation>Der Ort einer Hilfslinie</translation></message>
<message><source>Use one of: {1}.</source><translation>Nimm eines von: {1}.</translation></message>
<message><source>The list of LoRA files</source><translation>Die Liste der LoRA-Dateien</translation></message>
<message><source>Give each a name and a weight.</source><translation>Gib jeder einen Namen und ein Gewicht.</translation></message>
<message><source>The rule for overlaps</source><translation>Die Regel für Überlappungen</translation></message>
<message><source>There is no rule “{1}” for overlaps.</source><translation>Für Überlappungen gibt es keine Regel „{1}“.</translation></message>
<message><source>There are too many LoRA files.</source><translation>Es sind zu viele LoRA-Dateien.</translation></message>
<message><source>A span is [start, end) in the prompt.</source><translation>Eine Textstelle ist [Anfang, Ende) im Prompt.</translation></message>
<message><source>Write a colour as #rrggbb in lower case.</source><translation>Schreib eine Farbe als #rrggbb in Kleinbuchstaben.</translation></message>
<message><source>A word needs some text.</source><translation>Ein Wort braucht Text.</translation></message>
<message><source>{1} is not a span.</source><translation>{1} ist keine Textstelle.</translation></message>
<message><source>The window of “{1}” cannot be {2}.</source><translation>Der Zeitraum von „{1}“ kann nicht {2} sein.</translation></message>
<message><source>The canvas cannot be {1} pixels.</source><translation>Die Leinwand kann nicht {1} Pixel haben.</translation></message>
<message><source>Use a width and a height of 1 to {1} pixels.</source><translation>Nimm eine Breite und eine Höhe von 1 bis {1} Pixeln.</translation></message>
<message><source>A scene cannot have {1} words to paint.</source><translation>Eine Szene kann nicht {1} Wörter zum Malen haben.</translation></message>
<message><source>Use at most {1}: drop words that are not painted.</source><translation>Nimm höchstens {1}: lass Wörter weg, die nicht bemalt sind.</translation></message>
<message><source>There are too many guides.</source><translation>Es sind zu viele Hilfslinien.</translation></message>
<message><source>There are too many control pictures.</source><translation>Es sind zu viele Kontrollbilder.</translation></message>
<message><source>There are too many styles.</source><translation>Es sind zu viele Stile.</translation></message>
<message><source>Two words or styles have the same id.</source><translation>Zwei Wörter oder Stile haben dieselbe Kennung.</translation></message>
<message><source>Give each an id of its own.</source><translation>Gib jedem eine eigene Kennung.</translation></message>
<message><source>“{1}” is not at {2} in the prompt.</source><translation>„{1}“ steht nicht bei {2} im Prompt.</translation></message>
<message><source>Pick the word again in the prompt, or drop it.</source><translation>Wähle das Wort noch einmal im Prompt, oder lass es fallen.</translation></message>
<message><source>A mask belongs to no word.</source><translation>Eine Maske gehört zu keinem Wort.</translation></message>
<message><source>Give masks only for words and styles with an area.</source><translation>Gib Masken nur für Wörter und für Stile mit Bereich an.</translation></message>
<message><source>A mask of {1}x{2} does not fit a canvas of {3}x{4}.</source><translation>Eine Maske von {1}x{2} passt nicht auf eine Leinwand von {3}x{4}.</translation></message>
<message><source>Use a mask of the canvas' size.</source><translation>Nimm eine Maske in der Größe der Leinwand.</translation></message>
<message><source>Colours of {1}x{2} pixels do not fit a canvas of {3}x{4}.</source><translation>Farben von {1}x{2} Pixeln passen nicht auf eine Leinwand von {3}x{4}.</translation></message>
<message><source>Use colours of the canvas' size.</source><translation>Nimm Farben in der Größe der Leinwand.</translation></message>
<message><source>There are too many picture layers.</source><translation>Es gibt zu viele Bildebenen.</translation></message>
<message><source>Two picture layers have the same id.</source><translation>Zwei Bildebenen haben dieselbe Kennung.</translation></message>
<message><source>A picture layer of {1}x{2} pixels does not fit a canvas of {3}x{4}.</source><translation>Eine Bildebene von {1}x{2} Pixeln passt nicht auf eine Leinwand von {3}x{4}.</translation></message>
<message><source>Use a picture of the canvas' size.</source><translation>Nimm ein Bild in der Größe der Leinwand.</translation></message>
<message><source>Add the style again.</source><translation>Füge den Stil noch einmal hinzu.</translation></message>
<message><source>Name a word of the scene by its id.</source><translation>Nenne ein Wort der Szene mit seiner Kennung.</translation></message>
<message><source>The style “{1}” has both its own paint and a word's.</source><translation>Der Stil „{1}“ hat eigene Bemalung und die eines Wortes.</translation></message>
<message><source>Choose one of the two.</source><translation>Wähle eines von beiden.</translation></message>
<message><source>The picture of the style “{1}” is damaged or too large.</source><translation>Das Bild des Stils „{1}“ ist beschädigt oder zu groß.</translation></message>
<message><source>A mask must be a grey picture of 8 bits, not {1} of shape {2}.</source><translation>Eine Maske muss ein Graubild mit 8 Bit sein, nicht {1} der Form {2}.</translation></message>
<message><source>Save the mask as an 8-bit grey picture of the picture's size.</source><translation>Speichere die Maske als Graubild mit 8 Bit in der Größe des Bildes.</translation></message>
<message><source>A tile must be uint8 [{1}, {2}].</source><translation>Eine Kachel muss uint8 [{1}, {2}] sein.</translation></message>
<message><source>Use TiledMask.from_array.</source><translation>Verwende TiledMask.from_array.</translation></message>
<message><source>A mask of {1} pixels cannot be reduced to {2} cells.</source><translation>Eine Maske von {1} Pixeln lässt sich nicht auf {2} Zellen verkleinern.</translation></message>
<message><source>Reduce to 1 cell or more, at most one per pixel.</source><translation>Verkleinere auf mindestens 1 Zelle, höchstens eine pro Pixel.</translation></message>
<message><source>A word of the grid is blank.</source><translation>Ein Wort des Rasters ist leer.</translation></message>
<message><source>Separate the words by commas, each with letters.</source><translation>Trenne die Wörter durch Kommas, jedes mit Buchstaben.</translation></message>
<message><source>A grid of {1} pictures cannot be made.</source><translation>Ein Raster aus {1} Bildern ist nicht möglich.</translation></message>
<message><source>Name between one and {1} values in all.</source><translation>Nenne insgesamt zwischen einem und {1} Werten.</translation></message>
<message><source>The brush's {1} cannot be {2}.</source><translation>Beim Pinsel kann {1} nicht {2} sein.</translation></message>
<message><source>Use a number from {1} to {2}.</source><translation>Nimm eine Zahl von {1} bis {2}.</translation></message>
<message><source>The brush's axes cannot be at {1}.</source><translation>Die Achsen des Pinsels können nicht bei {1} liegen.</translation></message>
<message><source>Use shares of the canvas from 0 to 1.</source><translation>Anteile der Leinwand von 0 bis 1 verwenden.</translation></message>
<message><source>The brush's colour</source><translation>Die Farbe des Pinsels</translation></message>
<message><source>There is almost nothing of this word in the picture to cut out.</source><translation>Von diesem Wort ist im Bild fast nichts, was sich ausschneiden ließe.</translation></message>
<message><source>Select it with the lasso by hand, and keep the picture as a layer.</source><translation>Wählen Sie es von Hand mit dem Lasso aus, und behalten Sie das Bild als Ebene.</translation></message>
<message><source>This word covers almost the whole picture: nothing would be cut away.</source><translation>Dieses Wort ist fast das ganze Bild: Es würde nichts weggeschnitten.</translation></message>
<message><source>Keep the picture itself as a layer.</source><translation>Behalten Sie das Bild selbst als Ebene.</translation></message>
<message><source>There is no word to paint.</source><translation>Es gibt kein Wort zu malen.</translation></message>
<message><source>Erase colours</source><translation>Farben radieren</translation></message>
<message><source>Paint colours</source><translation>Farben malen</translation></message>
<message><source>Erase “{1}”</source><translation>„{1}“ radieren</translation></message>
<message><source>Paint “{1}”</source><translation>„{1}“ malen</translation></message>
<message><source>The picture and its painted words: pick a word in the prompt, then paint it here. The arrow keys move a cursor, with Shift by ten pixels; Space sets the tool down and lifts it, Esc cancels.</source><translation>Das Bild und seine gemalten Wörter: ein Wort im Prompt wählen, dann hier malen. Die Pfeiltasten bewegen einen Zeiger, mit Umschalt um zehn Pixel; die Leertaste setzt das Werkzeug auf und hebt es ab, Esc verwirft.</translation></message>
<message><source>The paint is hidden: show it to pick a word on it.</source><translation>Die Bemalung ist verborgen: zeig sie, um darauf ein Wort zu wählen.</translation></message>
<message><source>There is no painted word here.</source><translation>Hier ist kein bemaltes Wort.</translation></message>
<message><source>[ and ] change the brush size, E erases, Alt-click takes a colour.</source><translation>[ und ] ändern die Pinselgröße, E radiert, Alt-Klick nimmt eine Farbe auf.</translation></message>
<message><source>Drag here.</source><translation>Zieh hier.</translation></message>
<message><source>[ and ] change the brush size, E erases, Shift+Backspace fills, Space moves the canvas.</source><translation>[ und ] ändern die Pinselgröße, E radiert, Umschalt+Rücktaste füllt, die Leertaste verschiebt die Leinwand.</translation></message>
<message><source>Drag here with the mouse or the pen.</source><translation>Zieh hier mit der Maus oder dem Stift.</translation></message>
<message><source>Then paint here where it should be, and press Generate.</source><translation>Male dann hier, wo es sein soll, und klicke auf Erzeugen.</translation></message>
<message><source>Then click a word of it and paint here where it should be.</source><translation>Klicke dann ein Wort daraus an und male hier, wo es sein soll.</translation></message>
<message><source>The tool is down: arrows draw, Space lifts it, Esc cancels.</source><translation>Das Werkzeug ist aufgesetzt: Pfeile zeichnen, die Leertaste hebt es ab, Esc verwirft.</translation></message>
<message><source>Started: move on and press Space again; Enter finishes, Esc cancels.</source><translation>Begonnen: weiter mit den Pfeilen und wieder Leertaste, Eingabe beendet, Esc verwirft.</translation></message>
<message><source>Click a word in the prompt first, then paint where it should be.</source><translation>Klicke erst ein Wort im Prompt an, und male dann, wo es sein soll.</translation></message>
<message><source>“{1}” is hidden: show it to paint it.</source><translation>„{1}“ ist verborgen: zeig es, um es zu malen.</translation></message>
<message><source>“{1}” is locked: unlock it in the list to paint it.</source><translation>„{1}“ ist gesperrt: entsperre es in der Liste, um es zu malen.</translation></message>
<message><source>Paint where the word should be. Shift-click draws a line, Ctrl-drag sizes the brush; right-click picks the word under the pointer.</source><translation>Male, wo das Wort sein soll. Umschalt-Klick zieht eine Linie, Ziehen mit Strg ändert die Pinselgröße; ein Rechtsklick wählt das Wort unter dem Zeiger.</translation></message>
<message><source>Click or drag to take a colour, from the painted colours or else from the picture.</source><translation>Klicke oder zieh, um eine Farbe aufzunehmen, aus den gemalten Farben oder sonst aus dem Bild.</translation></message>
<message><source>Click to fill up to the paint of other words. Ctrl-click removes the word's paint there.</source><translation>Klicke, um bis zur Bemalung anderer Wörter zu füllen. Ein Klick mit Strg nimmt dort die Bemalung des Wortes weg.</translation></message>
<message><source>Another word is painted there. Click where there is no paint.</source><translation>Dort liegt die Bemalung eines anderen Wortes. Klicke, wo keine ist.</translation></message>
<message><source>Clear an area of “{1}”</source><translation>einen Bereich von „{1}“ leeren</translation></message>
<message><source>Fill an area of “{1}”</source><translation>einen Bereich von „{1}“ füllen</translation></message>
<message><source>Gradient of “{1}”</source><translation>Verlauf von „{1}“</translation></message>
<message><source>Drag from where the word should be full to where it should be gone, all around.</source><translation>Von dort, wo das Wort voll sein soll, dorthin ziehen, wo es ringsum verschwunden ist.</translation></message>
<message><source>Drag from where the word should be full to where it should be gone. Shift keeps it horizontal or vertical.</source><translation>Zieh von dort, wo das Wort voll sein soll, dorthin, wo es endet. Mit Umschalt bleibt der Verlauf waagerecht oder senkrecht.</translation></message>
<message><source>Drag from one end of the line to the other. Shift keeps it at multiples of 15 degrees.</source><translation>Zieh von einem Ende der Linie zum anderen. Mit Umschalt bleibt sie bei Vielfachen von 15 Grad.</translation></message>
<message><source>Move colours</source><translation>Farben verschieben</translation></message>
<message><source>Move “{1}”</source><translation>„{1}“ verschieben</translation></message>
<message><source>Drag to move the chosen word's paint, or the selected part of it. Shift keeps it horizontal or vertical.</source><translation>Zieh, um die Bemalung des gewählten Wortes zu verschieben, oder was davon ausgewählt ist. Mit Umschalt bleibt sie waagerecht oder senkrecht.</translation></message>
<message><source>“{1}” has no paint to move.</source><translation>„{1}“ hat keine Bemalung zum Verschieben.</translation></message>
<message><source>“{1}” has no paint in the selection to move.</source><translation>„{1}“ hat keine Bemalung in der Auswahl zum Verschieben.</translation></message>
<message><source>Click a word's paint or label to choose the word; click again for the one below.</source><translation>Klicke die Bemalung oder den Namen eines Wortes an, um es zu wählen; noch ein Klick geht zu dem darunter.</translation></message>
<message><source>Select</source><translation>Auswählen</translation></message>
<message><source>Select the area in which tools work. Shift adds, Ctrl subtracts, both intersect; a click deselects.</source><translation>Wähle den Bereich aus, in dem Werkzeuge wirken. Umschalt fügt hinzu, Strg zieht ab, beide bilden die Schnittmenge; ein Klick hebt die Auswahl auf.</translation></message>
<message><source>Drag a rectangle. Shift makes it a square, Ctrl draws it from its middle.</source><translation>Zieh ein Rechteck auf. Umschalt macht ein Quadrat daraus, Strg beginnt in der Mitte.</translation></message>
<message><source>Drag an ellipse. Shift makes it a circle, Ctrl draws it from its middle.</source><translation>Zieh eine Ellipse auf. Umschalt macht einen Kreis daraus, Strg beginnt in der Mitte.</translation></message>
<message><source>Draw around the area to paint.</source><translation>Umfahre die Fläche, die gemalt werden soll.</translation></message>
<message><source>Click corner by corner; a double click, Enter or a click on the first corner closes it.</source><translation>Klicke Ecke für Ecke; ein Doppelklick, Enter oder ein Klick auf die erste Ecke schließt die Form.</translation></message>
<message><source>Erase {1} of “{2}”</source><translation>{1} von „{2}“ radieren</translation></message>
<message><source>Paint {1} of “{2}”</source><translation>{1} von „{2}“ malen</translation></message>
<message><source>{1} × {2}, {3}°. Enter applies it, Esc cancels.</source><translation>{1} × {2}, {3}°. Enter wendet es an, Esc gibt es auf.</translation></message>
<message><source>Transform colours</source><translation>Farben transformieren</translation></message>
<message><source>Transform “{1}”</source><translation>„{1}“ transformieren</translation></message>
<message><source>Drag inside the box to move, a handle to scale (Shift keeps the proportions, Ctrl the middle), outside to turn. Enter applies it, Esc cancels.</source><translation>Zieh im Kasten, um zu verschieben, an einem Griff, um zu skalieren (Umschalt behält die Proportionen, Strg die Mitte), außerhalb, um zu drehen. Enter wendet es an, Esc gibt es auf.</translation></message>
<message><source>“{1}” has no paint to transform.</source><translation>„{1}“ hat keine Bemalung zum Transformieren.</translation></message>
<message><source>“{1}” has no paint in the selection to transform.</source><translation>„{1}“ hat keine Bemalung in der Auswahl zum Transformieren.</translation></message>
<message><source>This model's attention is of a kind that cannot be painted.</source><translation>Die Aufmerksamkeit dieses Modells ist von einer Art, in der man nicht malen kann.</translation></message>
<message><source>Choose a Stable Diffusion model without adapters.</source><translation>Wähle ein Stable-Diffusion-Modell ohne Adapter.</translation></message>
<message><source>This model has no cross-attention to paint in.</source><translation>Dieses Modell hat keine Cross-Attention, in der man malen kann.</translation></message>
<message><source>Choose a Stable Diffusion model.</source><translation>Wähle ein Stable-Diffusion-Modell.</translation></message>
<message><source>The batch's rows are not in order.</source><translation>Die Zeilen des Stapels sind nicht in ihrer Ordnung.</translation></message>
<message><source>Please report this.</source><translation>Bitte melde das.</translation></message>
<message><source>The model's attention was changed while it was in use, so paint would have no effect.</source><translation>Die Aufmerksamkeit des Modells wurde geändert, während es benutzt wurde; Bemalung hätte keine Wirkung.</translation></message>
<message><source>Load the model again.</source><translation>Lade das Modell noch einmal.</translation></message>
<message><source>The paint does not fit the prompt.</source><translation>Die Bemalung passt nicht zum Prompt.</translation></message>
<message><source>This model's blocks are of a kind that cannot be painted.</source><translation>Die Blöcke dieses Modells sind von einer Art, in der man nicht malen kann.</translation></message>
<message><source>A shape cannot be kept in an attention layer of a kind that Wordbrush does not know.</source><translation>In einer Attention-Schicht, deren Art Wordbrush nicht kennt, lässt sich keine Form einhalten.</translation></message>
<message><source>Repaint without keeping to the shape, and please report this model.</source><translation>Male neu, ohne die Form einzuhalten, und melde bitte dieses Modell.</translation></message>
<message><source>This model's self-attention is of a kind in which a shape cannot be kept.</source><translation>Die Self-Attention dieses Modells ist von einer Art, in der sich keine Form einhalten lässt.</translation></message>
<message><source>Repaint without keeping to the shape, or choose another Stable Diffusion model.</source><translation>Male neu, ohne die Form einzuhalten, oder wähle ein anderes Stable-Diffusion-Modell.</translation></message>
<message><source>Choose the model without adapters, or another model.</source><translation>Wähle das Modell ohne Adapter, oder ein anderes.</translation></message>
<message><source>There is no law named "{1}".</source><translation>Es gibt kein Gesetz namens „{1}“.</translation></message>
<message><source>Save it as 8-bit grey: white where the word is painted, black where it is not.</source><translation>Speichere sie als Graubild mit 8 Bit: weiß, wo das Wort gemalt ist, schwarz, wo nicht.</translation></message>
<message><source>{1} is {2}x{3}, but the picture is {4}x{5}.</source><translation>{1} ist {2}x{3}, das Bild aber {4}x{5}.</translation></message>
<message><source>Save the mask as a grey picture of {1}x{2} pixels.</source><translation>Speichere die Maske als Graubild von {1}x{2} Pixeln.</translation></message>
<message><source>A mask must hold one byte for each pixel.</source><translation>Eine Maske muss für jeden Pixel ein Byte haben.</translation></message>
<message><source>Give a uint8 array [height, width]: 0 unpainted, 255 painted.</source><translation>Gib ein uint8-Array [Höhe, Breite] an: 0 unbemalt, 255 bemalt.</translation></message>
<message><source>A mask is {1}x{2}, but the picture is {3}x{4}.</source><translation>Eine Maske ist {1}x{2}, das Bild aber {3}x{4}.</translation></message>
<message><source>Paint the mask at the picture's size.</source><translation>Male die Maske in der Größe des Bildes.</translation></message>
<message><source>A word's strength</source><translation>Die Stärke eines Wortes</translation></message>
<message><source>A word's fidelity</source><translation>Die Treue eines Wortes</translation></message>
<message><source>Give a number from 0, loose, to 1, exact.</source><translation>Gib eine Zahl von 0, lose, bis 1, genau, an.</translation></message>
<message><source>A word's window runs from {1} to {2}.</source><translation>Der Zeitraum eines Wortes geht von {1} bis {2}.</translation></message>
<message><source>Give a start and an end between 0 and 1, in order.</source><translation>Gib Anfang und Ende zwischen 0 und 1 an, in dieser Reihenfolge.</translation></message>
<message><source>Paint was applied to an attention layer of a kind that Wordbrush does not know.</source><translation>Die Bemalung traf auf eine Attention-Schicht von einer Art, die Wordbrush nicht kennt.</translation></message>
<message><source>Choose another model, and please report this one.</source><translation>Wähle ein anderes Modell, und bitte melde dieses.</translation></message>
<message><source>The model was given a different text from the one the paint belongs to.</source><translation>Das Modell bekam einen anderen Text als den, zu dem die Bemalung gehört.</translation></message>
<message><source>The paint does not fit the model's attention.</source><translation>Die Bemalung passt nicht zur Aufmerksamkeit des Modells.</translation></message>
<message><source>Use a picture size that is a multiple of 64.</source><translation>Nimm eine Bildgröße, die ein Vielfaches von 64 ist.</translation></message>
<message><source>Areas cannot be separated in an attention layer of a kind that Wordbrush does not know.</source><translation>In einer Attention-Schicht von einer Art, die Wordbrush nicht kennt, lassen sich Bereiche nicht trennen.</translation></message>
<message><source>Set the separation to 0, and please report this model.</source><translation>Setze die Trennung auf 0, und bitte melde dieses Modell.</translation></message>
<message><source>This model's self-attention is of a kind in which areas cannot be separated.</source><translation>Die Self-Attention dieses Modells ist von einer Art, in der sich Bereiche nicht trennen lassen.</translation></message>
<message><source>Set the separation to 0, or choose a Stable Diffusion model without adapters.</source><translation>Setze die Trennung auf 0, oder wähle ein Stable-Diffusion-Modell ohne Adapter.</translation></message>
<message><source>This model has no attention to paint in.</source><translation>Dieses Modell hat keine Aufmerksamkeit, in der man malen kann.</translation></message>
<message><source>Choose another model.</source><translation>Wähle ein anderes Modell.</translation></message>
<message><source>The paint does not fit the prompt or the picture.</source><translation>Die Bemalung passt nicht zum Prompt oder zum Bild.</translation></message>
<message><source>The model was given a different text or picture from the one the paint belongs to.</source><translation>Das Modell bekam einen anderen Text oder ein anderes Bild, als zu der Bemalung gehört.</translation></message>
<message><source>The download was stopped.</source><translation>Das Herunterladen wurde angehalten.</translation></message>
<message><source>What has arrived is kept; download it again to continue from there.</source><translation>Was angekommen ist, bleibt; frag noch einmal danach, um dort weiterzumachen.</translation></message>
<message><source>The description was stopped.</source><translation>Die Beschreibung wurde angehalten.</translation></message>
<message><source>Start it again.</source><translation>Starte sie noch einmal.</translation></message>
<message><source>The model's answer does not say what is in the picture.</source><translation>Die Antwort des Modells sagt nicht, was im Bild ist.</translation></message>
<message><source>Ask again, or choose another model.</source><translation>Frag noch einmal, oder wähle ein anderes Modell.</translation></message>
<message><source>Only a picture of 8 bits for each of red, green and blue can be described.</source><translation>Nur ein Bild mit je 8 Bit für Rot, Grün und Blau lässt sich beschreiben.</translation></message>
<message><source>Pass uint8 RGB of the shape [height, width, 3].</source><translation>Übergib uint8-RGB der Form [Höhe, Breite, 3].</translation></message>
<message><source>The picture has {1} x {2} pixels.</source><translation>Das Bild hat {1} x {2} Pixel.</translation></message>
<message><source>Choose one with {1} pixels a side or more, and not 100 times as long as wide.</source><translation>Wähle eines mit mindestens {1} Pixeln je Seite, das nicht hundertmal so lang wie breit ist.</translation></message>
<message><source>"{1}" cannot say what a picture shows: its text encoder only reads.</source><translation>„{1}“ kann nicht sagen, was ein Bild zeigt: Sein Textencoder liest nur.</translation></message>
<message><source>Choose the starter or a model with a vision-language encoder, such as Qwen-Image; or write the prompt and find its words with Find in the Picture.</source><translation>Wähle den Starter oder ein Modell mit einem sehenden Sprachmodell als Textencoder, etwa Qwen-Image; oder schreib den Prompt selbst und suche seine Wörter mit „Im Bild suchen“.</translation></message>
<message><source>This model says nothing of which words it knows, so its pictures cannot be described.</source><translation>Dieses Modell sagt nicht, welche Wörter es kennt, also lassen sich seine Bilder nicht beschreiben.</translation></message>
<message><source>Choose the starter, or write the prompt and find its words with Find in the Picture.</source><translation>Wähle den Starter, oder schreib den Prompt und such seine Wörter mit „Im Bild suchen“.</translation></message>
<message><source>its config does not say where a picture stands in a text</source><translation>seine config sagt nicht, wo ein Bild in einem Text steht</translation></message>
<message><source>The text encoder of "{1}" cannot see: its files lack the vision part.</source><translation>Der Textencoder von „{1}“ kann nicht sehen: Seinen Dateien fehlt der sehende Teil.</translation></message>
<message><source>Install the whole folder of the model, with all of its text_encoder, or choose the starter.</source><translation>Installiere den ganzen Ordner des Modells mit allem in text_encoder, oder wähle den Starter.</translation></message>
<message><source>The server keeps redirecting from {1}.</source><translation>Der Server leitet von {1} immer weiter um.</translation></message>
<message><source>Check the address, or try again later.</source><translation>Prüfe die Adresse, oder versuche es später noch einmal.</translation></message>
<message><source>"{1}" is not an address.</source><translation>„{1}“ ist keine Adresse.</translation></message>
<message><source>Give an https address.</source><translation>Gib eine https-Adresse an.</translation></message>
<message><source>"{1}" is not the address of a file.</source><translation>„{1}“ ist keine Adresse einer Datei.</translation></message>
<message><source>{1} offers the file without encryption, so anybody on the way could change it.</source><translation>{1} bietet die Datei unverschlüsselt an; jeder auf dem Weg könnte sie verändern.</translation></message>
<message><source>Look for an https address of the same file.</source><translation>Such eine https-Adresse derselben Datei.</translation></message>
<message><source>"{1}" takes {2}, and {3} are free where models are kept.</source><translation>„{1}“ braucht {2}, und wo Modelle liegen, sind {3} frei.</translation></message>
<message><source>Free some space, or set WORDBRUSH_MODELS to a folder on another disk.</source><translation>Schaffe Platz, oder setze WORDBRUSH_MODELS auf einen Ordner auf einer anderen Festplatte.</translation></message>
<message><source>There is a model "{1}" already.</source><translation>Ein Modell „{1}“ gibt es schon.</translation></message>
<message><source>Remove it first: wordbrush models remove NAME.</source><translation>Entferne es erst: wordbrush models remove NAME.</translation></message>
<message><source>"{1}" is being downloaded already.</source><translation>„{1}“ wird schon heruntergeladen.</translation></message>
<message><source>Wait until it is finished.</source><translation>Warte, bis es da ist.</translation></message>
<message><source>"{1}" could not be written: {2}.</source><translation>„{1}“ konnte nicht geschrieben werden: {2}.</translation></message>
<message><source>Make sure that there is room and that you may write to {1}. {2}</source><translation>Sorge dafür, dass Platz ist und dass du in {1} schreiben darfst. {2}</translation></message>
<message><source>{1} is not what its name says.</source><translation>{1} ist nicht, was der Name sagt.</translation></message>
<message><source>The server sent something else, such as a page: open the address in a browser to see what.</source><translation>Der Server hat etwas anderes geschickt, etwa eine Seite: öffne die Adresse im Browser, um es zu sehen.</translation></message>
<message><source>"{1}" is neither a model of the Hub nor an address.</source><translation>„{1}“ ist weder ein Modell des Hubs noch eine Adresse.</translation></message>
<message><source>Give ORG/NAME as on the Hub, ORG/NAME:FILE for one file of it, or an https address.</source><translation>Gib ORG/NAME wie auf dem Hub an, ORG/NAME:DATEI für eine einzelne Datei daraus, oder eine https-Adresse.</translation></message>
<message><source>There is no tokenizer "{1}".</source><translation>Es gibt keinen Tokenizer „{1}“.</translation></message>
<message><source>There are: {1}.</source><translation>Es gibt: {1}.</translation></message>
<message><source>There is no "{1}" in {2}.</source><translation>„{1}“ gibt es nicht in {2}.</translation></message>
<message><source>Its terms must be accepted on that page first.</source><translation>Auf jener Seite müssen erst die Bedingungen angenommen werden.</translation></message>
<message><source>"{1}" is not the page of a model.</source><translation>„{1}“ ist keine Seite eines Modells.</translation></message>
<message><source>Give the address of a model's own page.</source><translation>Gib die Adresse der eigenen Seite eines Modells an.</translation></message>
<message><source>There are no weights in {1}.</source><translation>In {1} sind keine Gewichte.</translation></message>
<message><source>Name another model.</source><translation>Nenne ein anderes Modell.</translation></message>
<message><source>There are {1} weights files in {2}, and no list of a model's parts.</source><translation>In {2} sind {1} Dateien mit Gewichten, aber keine Liste der Teile eines Modells.</translation></message>
<message><source>Say which: {1}:{2}. {3}</source><translation>Sag, welche: {1}:{2}. {3}</translation></message>
<message><source>It is a page to read.</source><translation>Es ist eine Seite zum Lesen.</translation></message>
<message><source>"{1}" is not a model file.</source><translation>„{1}“ ist keine Modelldatei.</translation></message>
<message><source>Give the address of a .safetensors or .gguf file.</source><translation>Gib die Adresse einer .safetensors- oder .gguf-Datei an.</translation></message>
<message><source>{1} cannot be reached.</source><translation>{1} ist nicht zu erreichen.</translation></message>
<message><source>Check your network, or try again later.</source><translation>Prüfe dein Netz, oder versuche es später noch einmal.</translation></message>
<message><source>"{1}" is a pickle, which could run any code, so it is not downloaded.</source><translation>„{1}“ ist ein Pickle, der beliebigen Code ausführen könnte; deshalb wird er nicht heruntergeladen.</translation></message>
<message><source>Look for the model as .safetensors; most model pages offer both.</source><translation>Such das Modell als .safetensors; die meisten Modellseiten bieten beides.</translation></message>
<message><source>It has: {1} and {2} more.</source><translation>Es hat: {1} und {2} weitere.</translation></message>
<message><source>It has: {1}.</source><translation>Es hat: {1}.</translation></message>
<message><source>The answer from {1} makes no sense.</source><translation>Die Antwort von {1} ergibt keinen Sinn.</translation></message>
<message><source>Check HF_ENDPOINT, or try again later.</source><translation>Prüfe HF_ENDPOINT, oder versuche es später noch einmal.</translation></message>
<message><source>What has arrived is kept: download it again to continue from there.</source><translation>Was ankam, bleibt: fordere es noch einmal an, dann geht es von dort weiter.</translation></message>
<message><source>{1} cannot be written.</source><translation>{1} kann nicht geschrieben werden.</translation></message>
<message><source>Make sure that you may write there.</source><translation>Sorge dafür, dass du dort schreiben darfst.</translation></message>
<message><source>The connection for {1} was lost {2} times.</source><translation>Die Verbindung für {1} brach {2}-mal ab.</translation></message>
<message><source>Check your network. {1}</source><translation>Prüfe dein Netz. {1}</translation></message>
<message><source>{1} has {2} bytes and not {3} as announced.</source><translation>{1} hat {2} Bytes und nicht {3} wie angekündigt.</translation></message>
<message><source>The file on the server has changed; download the model again.</source><translation>Dort liegt inzwischen eine andere Datei; fordere das Modell noch einmal an.</translation></message>
<message><source>{1} is longer than announced.</source><translation>{1} ist länger als angekündigt.</translation></message>
<message><source>Do not trust this server; choose another.</source><translation>Trau diesem Server nicht; wähle einen anderen.</translation></message>
<message><source>The server does not give {1} to everyone.</source><translation>Der Server gibt {1} nicht jedem.</translation></message>
<message><source>Accept the model's terms on its page, make a read token there, and set HF_TOKEN to it.</source><translation>Nimm auf der Seite des Modells seine Bedingungen an, mach dort ein Lese-Token, und setze HF_TOKEN darauf.</translation></message>
<message><source>There is no {1} on the server.</source><translation>{1} gibt es nicht auf dem Server.</translation></message>
<message><source>Check the name or the address.</source><translation>Prüfe den Namen oder die Adresse.</translation></message>
<message><source>The server refuses {1} ({2} {3}).</source><translation>Der Server verweigert {1} ({2} {3}).</translation></message>
<message><source>{1} did not arrive as it was sent: its checksum is different.</source><translation>{1} kam nicht so an, wie es gesendet wurde: die Prüfsumme ist eine andere.</translation></message>
<message><source>Download it again; if that happens again, the server or something on the way changes the file.</source><translation>Fordere es noch einmal an; geschieht es wieder, verändert der Server oder etwas auf dem Weg die Datei.</translation></message>
<message><source>The disk is full: {1} does not fit.</source><translation>Die Festplatte ist voll: {1} passt nicht darauf.</translation></message>
<message><source>Free some space. {1}</source><translation>Schaffe Platz. {1}</translation></message>
<message><source>The prompt of the picture that is edited</source><translation>Der Prompt des Bildes, das geändert wird</translation></message>
<message><source>The picture whose words are edited has no prompt.</source><translation>Das Bild, dessen Wörter geändert werden, hat keinen Prompt.</translation></message>
<message><source>Give the prompt that it was made with.</source><translation>Geben Sie den Prompt an, mit dem es gemalt wurde.</translation></message>
<message><source>Words of a picture that started from another picture cannot be edited.</source><translation>In einem Bild, das mit einem anderen Bild begann, lassen sich keine Wörter ändern.</translation></message>
<message><source>Edit a picture that started from noise, or repaint the word's area instead.</source><translation>Ändern Sie ein Bild, das mit Rauschen begann, oder malen Sie die Fläche des Wortes neu.</translation></message>
<message><source>Words cannot be edited while a LoRA is bound to a word.</source><translation>Wörter lassen sich nicht ändern, solange eine LoRA an ein Wort gebunden ist.</translation></message>
<message><source>Let the LoRA act in the whole picture, or remove it.</source><translation>Lassen Sie die LoRA im ganzen Bild wirken, oder entfernen Sie sie.</translation></message>
<message><source>The picture that is to be changed does not have the size of the result.</source><translation>Das Bild, das geändert werden soll, hat nicht die Größe des Ergebnisses.</translation></message>
<message><source>Give a picture of {1}x{2} pixels.</source><translation>Gib ein Bild mit {1}x{2} Pixeln an.</translation></message>
<message><source>The area of the instruction does not have the size of the picture.</source><translation>Der Bereich der Anweisung hat nicht die Größe des Bildes.</translation></message>
<message><source>Give a mask of {1}x{2} pixels.</source><translation>Gib eine Maske mit {1}x{2} Pixeln an.</translation></message>
<message><source>The area of the instruction is empty.</source><translation>Der Bereich der Anweisung ist leer.</translation></message>
<message><source>Select an area, or leave it out to change the picture.</source><translation>Wähle einen Bereich aus, oder lass ihn weg, um das ganze Bild zu ändern.</translation></message>
<message><source>A picture that an instruction changes cannot start from another one or from colours, have words edited or be refined in the same run.</source><translation>Ein Bild, das eine Anweisung ändert, kann im selben Lauf weder von einem anderen Bild oder von Farben ausgehen noch bearbeitete Wörter haben oder verfeinert werden.</translation></message>
<message><source>Do one after the other.</source><translation>Mach eins nach dem anderen.</translation></message>
<message><source>The model "{1}" reads text and picture together, so words cannot be edited.</source><translation>Das Modell „{1}“ liest Text und Bild in einem, darum lassen sich keine Wörter ändern.</translation></message>
<message><source>Choose a Stable Diffusion model, or repaint the word's area instead.</source><translation>Wählen Sie ein Stable-Diffusion-Modell, oder malen Sie die Fläche des Wortes neu.</translation></message>
<message><source>Words cannot be edited while each painted area has a prompt of its own.</source><translation>Wörter lassen sich nicht ändern, solange jede bemalte Fläche einen eigenen Prompt hat.</translation></message>
<message><source>Choose another rule for the paint, such as "default".</source><translation>Wählen Sie eine andere Regel für die Farbe, etwa „default“.</translation></message>
<message><source>Words cannot be edited while the taught word "{1}" brings changes of the model along.</source><translation>Wörter lassen sich nicht bearbeiten, solange das beigebrachte Wort „{1}“ Änderungen des Modells mitbringt.</translation></message>
<message><source>Take the word out of both prompts, or teach it by its embedding alone.</source><translation>Nehmen Sie das Wort aus beiden Prompts heraus, oder bringen Sie es nur als Embedding bei.</translation></message>
<message><source>An instruction cannot be followed while each painted area has a prompt of its own.</source><translation>Einer Anweisung kann nicht gefolgt werden, solange jeder gemalte Bereich einen eigenen Prompt hat.</translation></message>
<message><source>The model's {1} produced numbers that are not finite (NaN or infinity).</source><translation>Aus einem Teil des Modells ({1}) kamen Zahlen, die nicht endlich sind (NaN oder unendlich).</translation></message>
<message><source>Choose a lower guidance or paint weight, or another model.</source><translation>Wähle weniger Prompttreue oder Malgewicht, oder ein anderes Modell.</translation></message>
<message><source>Another generation has taken over the model.</source><translation>Ein anderes Erzeugen hat das Modell übernommen.</translation></message>
<message><source>Let one generation end before the next begins, or give each a Library of its own.</source><translation>Lass ein Erzeugen enden, bevor das nächste beginnt, oder gib jedem eine eigene Library.</translation></message>
<message><source>The model "{1}" cannot keep attributes together: its text and picture attend to each other.</source><translation>Das Modell „{1}“ kann Eigenschaften nicht beisammen halten: Sein Text und sein Bild lesen einander.</translation></message>
<message><source>Switch that setting off, or choose a Stable Diffusion model.</source><translation>Schalte diese Einstellung aus oder wähle ein Stable-Diffusion-Modell.</translation></message>
<message><source>An expert's weights cannot be read any more.</source><translation>Die Gewichte eines Experten sind nicht mehr lesbar.</translation></message>
<message><source>Check that its folder is still there, or choose the base alone.</source><translation>Prüfe, ob sein Ordner noch da ist, oder wähle nur die Basis.</translation></message>
<message><source>Try again; if it happens again, copy the details into a report.</source><translation>Versuche es noch einmal; wenn es wieder geschieht, kopiere die Einzelheiten in eine Meldung.</translation></message>
<message><source>The model "{1}" reads text and picture in one, so it cannot keep to a shape.</source><translation>Das Modell „{1}“ liest Text und Bild in einem und kann deshalb keine Form einhalten.</translation></message>
<message><source>Choose a Stable Diffusion model, or repaint without keeping to the shape.</source><translation>Wähle ein Stable-Diffusion-Modell, oder male neu, ohne die Form einzuhalten.</translation></message>
<message><source>A shape cannot be kept while each painted area has a prompt of its own.</source><translation>Eine Form lässt sich nicht einhalten, solange jede bemalte Fläche einen eigenen Prompt hat.</translation></message>
<message><source>The expert "{1}" cannot work: {2}</source><translation>Der Experte „{1}“ kann nicht arbeiten: {2}</translation></message>
<message><source>{1} workers ended while they made this picture.</source><translation>{1} Arbeiter endeten, während sie dieses Bild machten.</translation></message>
<message><source>Make it alone on this machine: it may need more memory than a worker has.</source><translation>Machen Sie es allein auf diesem Rechner: Es braucht vielleicht mehr Speicher, als ein Arbeiter hat.</translation></message>
<message><source>The workers of the farm end before they begin.</source><translation>Die Arbeiter der Farm enden, bevor sie anfangen.</translation></message>
<message><source>Check that the same Wordbrush is installed on every machine of the cluster.</source><translation>Prüfen Sie, ob auf jedem Rechner des Clusters dasselbe Wordbrush installiert ist.</translation></message>
<message><source>The farm needs Ray, which is not installed.</source><translation>Die Farm braucht Ray, das nicht installiert ist.</translation></message>
<message><source>Install it with: pip install "wordbrush[ray]".</source><translation>Installieren Sie es mit: pip install "wordbrush[ray]".</translation></message>
<message><source>The farm does not speak to Ray through its client.</source><translation>Die Farm spricht nicht über Rays Client mit Ray.</translation></message>
<message><source>Give HOST:PORT, on a machine that belongs to the cluster.</source><translation>Geben Sie HOST:PORT an, auf einem Rechner, der zum Cluster gehört.</translation></message>
<message><source>The Ray cluster "{1}" cannot be reached.</source><translation>Der Ray-Cluster „{1}“ ist nicht erreichbar.</translation></message>
<message><source>Ray could not be started.</source><translation>Ray ließ sich nicht starten.</translation></message>
<message><source>Check the address, and that this machine belongs to the cluster (ray status).</source><translation>Prüfen Sie die Adresse und ob dieser Rechner zum Cluster gehört (ray status).</translation></message>
<message><source>The cluster has {1} cores, too few for a worker of {2} threads.</source><translation>Der Cluster hat {1} Kerne, zu wenige für einen Arbeiter mit {2} Threads.</translation></message>
<message><source>Ask for fewer threads, or let more machines join the cluster.</source><translation>Verlangen Sie weniger Threads, oder nehmen Sie mehr Rechner in den Cluster auf.</translation></message>
<message><source>There is no picture to invert.</source><translation>Es gibt kein Bild zum Umkehren.</translation></message>
<message><source>Give one as the start of the request.</source><translation>Gib eines als Anfang der Anfrage an.</translation></message>
<message><source>Something went wrong in the check.</source><translation>Bei der Prüfung ist etwas schiefgegangen.</translation></message>
<message><source>Try again.</source><translation>Versuche es noch einmal.</translation></message>
<message><source>No word was named that is to be found.</source><translation>Es wurde kein Wort genannt, das gesucht werden soll.</translation></message>
<message><source>Name a word that the picture shows.</source><translation>Nenne ein Wort, das im Bild zu sehen ist.</translation></message>
<message><source>The search was stopped.</source><translation>Die Suche wurde abgebrochen.</translation></message>
<message><source>Words can only be found in a picture of 8 bits for each of red, green and blue.</source><translation>Wörter lassen sich nur in einem Bild mit je 8 Bit für Rot, Grün und Blau finden.</translation></message>
<message><source>Choose one with {1} to {2} pixels a side.</source><translation>Wähle eines mit {1} bis {2} Pixeln je Seite.</translation></message>
<message><source>The prompt has no word at {1} to {2}.</source><translation>Der Prompt hat bei {1} bis {2} kein Wort.</translation></message>
<message><source>Name words of the prompt by their places in it.</source><translation>Nenne Wörter des Prompts durch ihre Stelle darin.</translation></message>
<message><source>Sharpening {1} times is not possible.</source><translation>{1}-maliges Schärfen ist nicht möglich.</translation></message>
<message><source>Choose 0 to {1} times.</source><translation>Wähle 0 bis {1}.</translation></message>
<message><source>The picture cannot be looked at with this noise.</source><translation>Mit diesem Rauschen lässt sich das Bild nicht ansehen.</translation></message>
<message><source>Name 1 to {1} levels, each above 0 and at most 1000.</source><translation>Nenne 1 bis {1} Stufen, jede über 0 und höchstens 1000.</translation></message>
<message><source>The model "{1}" does not show where its words are.</source><translation>Das Modell „{1}“ zeigt nicht, wo seine Wörter sind.</translation></message>
<message><source>Find words with another model, such as the starter.</source><translation>Such Wörter mit einem anderen Modell, etwa dem Starter.</translation></message>
<message><source>Wordbrush cannot see which places of a picture belong together for this model.</source><translation>Bei diesem Modell sieht Wordbrush nicht, welche Stellen eines Bildes zusammengehören.</translation></message>
<message><source>Find words with a Stable Diffusion model without adapters, such as the starter.</source><translation>Such Wörter mit einem Stable-Diffusion-Modell ohne Adapter, etwa dem Starter.</translation></message>
<message><source>The LoRA "{1}" is bound to word {2}, but {3} are painted.</source><translation>Die LoRA „{1}“ gilt für Wort {2}, bemalt sind aber {3}.</translation></message>
<message><source>Bind it to a painted word, counted from 0, or to none.</source><translation>Binde sie an ein bemaltes Wort, gezählt ab 0, oder an keines.</translation></message>
<message><source>in {1}, {2}</source><translation>in {1}: {2}</translation></message>
<message><source>The LoRA "{1}" is a pickle, which can run code as it is opened, so Wordbrush does not open it.</source><translation>Die LoRA „{1}“ ist ein Pickle, der beim Öffnen Code ausführen kann; deshalb öffnet Wordbrush ihn nicht.</translation></message>
<message><source>Get it as .safetensors, or convert it with a program that you trust.</source><translation>Hol sie als .safetensors, oder wandle sie mit einem Programm um, dem du vertraust.</translation></message>
<message><source>There is no LoRA "{1}".</source><translation>Es gibt keine LoRA „{1}“.</translation></message>
<message><source>Check its name, or choose its file again.</source><translation>Prüfe ihren Namen, oder wähle ihre Datei noch einmal.</translation></message>
<message><source>The LoRA "{1}" is damaged: {2}.</source><translation>Die LoRA „{1}“ ist beschädigt: {2}.</translation></message>
<message><source>Get the file again, or remove the LoRA.</source><translation>Hol die Datei noch einmal, oder entferne die LoRA.</translation></message>
<message><source>Put its file into the folder {1}, or give the file's path.</source><translation>Leg ihre Datei in den Ordner {1}, oder gib den Pfad der Datei an.</translation></message>
<message><source>The file "{1}" is not a LoRA.</source><translation>Die Datei „{1}“ ist keine LoRA.</translation></message>
<message><source>Choose a LoRA, LoHa, LoKr or DoRA file in .safetensors format.</source><translation>Wähle eine LoRA-, LoHa-, LoKr- oder DoRA-Datei im Format .safetensors.</translation></message>
<message><source>it changes {1}, for which the model has no layer</source><translation>sie ändert {1}, wofür das Modell keine Schicht hat</translation></message>
<message><source>It says that it was made for {1}.</source><translation>Sie sagt von sich, dass sie für {1} gemacht wurde.</translation></message>
<message><source>The LoRA "{1}" does not fit this model: {2}.</source><translation>Die LoRA „{1}“ passt nicht zu diesem Modell: {2}.</translation></message>
<message><source>Choose a LoRA that was made for this model's family, or remove it.</source><translation>Wähle eine LoRA, die für die Familie dieses Modells gemacht wurde, oder entferne sie.</translation></message>
<message><source>{1} holds NaN or infinity</source><translation>{1} enthält NaN oder unendlich</translation></message>
<message><source>it holds nothing</source><translation>sie enthält nichts</translation></message>
<message><source>the alpha of {1} is not a single number</source><translation>das alpha von {1} ist keine einzelne Zahl</translation></message>
<message><source>{1} is not whole: {2}</source><translation>{1} ist unvollständig: {2}</translation></message>
<message><source>The file "{1}" is not a LoRA that Wordbrush knows: it holds {2}.</source><translation>Die Datei „{1}“ ist keine LoRA, die Wordbrush kennt: sie enthält {2}.</translation></message>
<message><source>its change of {1} cannot be limited to one word's area</source><translation>ihre Änderung von {1} lässt sich nicht auf den Bereich eines Wortes begrenzen</translation></message>
<message><source>Models of the kind {1} are not supported.</source><translation>Modelle der Art {1} werden nicht unterstützt.</translation></message>
<message><source>Choose a model of the kind {1}.</source><translation>Wähle ein Modell der Art {1}.</translation></message>
<message><source>Models of the kind {1} need diffusers {2} or newer; {3} is installed.</source><translation>Modelle der Art {1} brauchen diffusers {2} oder neuer; installiert ist {3}.</translation></message>
<message><source>Install it: pip install --upgrade "diffusers&gt;={1}".</source><translation>Installiere es: pip install --upgrade "diffusers&gt;={1}".</translation></message>
<message><source>Choose a file of PixArt-Sigma.</source><translation>Wähle eine Datei von PixArt-Sigma.</translation></message>
<message><source>Choose the file with high_noise in its name, or the model's diffusers folder.</source><translation>Wähle die Datei mit high_noise im Namen, oder den diffusers-Ordner des Modells.</translation></message>
<message><source>"{1}" is {2}.</source><translation>„{1}“ ist {2}.</translation></message>
<message><source>"{1}" is a transformer of a known kind, but not built like the published ones.</source><translation>„{1}“ ist ein Transformer bekannter Art, aber nicht wie die veröffentlichten gebaut.</translation></message>
<message><source>Use the model's diffusers folder (the one with model_index.json) instead.</source><translation>Verwende stattdessen den diffusers-Ordner des Modells (den mit model_index.json).</translation></message>
<message><source>The config files of a model of separate files cannot be written: {1}.</source><translation>Die Konfigurationsdateien eines Modells aus einzelnen Dateien können nicht geschrieben werden: {1}.</translation></message>
<message><source>Make sure that you may write to {1}.</source><translation>Sorge dafür, dass du in {1} schreiben darfst.</translation></message>
<message><source>"{1}" is a transformer alone; {2} was not found.</source><translation>„{1}“ ist nur ein Transformer; nicht gefunden: {2}.</translation></message>
<message><source>"{1}" is a transformer alone; {2} were not found.</source><translation>„{1}“ ist nur ein Transformer; nicht gefunden: {2}.</translation></message>
<message><source>Put {1} next to the model's own folder, as ComfyUI has them (GGUF works too), or all of them beside the model.</source><translation>Leg {1} neben den Ordner des Modells, wie ComfyUI sie hat (GGUF geht auch), oder alle neben das Modell.</translation></message>
<message><source>"{1}" is the half of a model that works at high noise; the other half was not found.</source><translation>„{1}“ ist die Hälfte eines Modells, die bei viel Rauschen arbeitet; die andere Hälfte wurde nicht gefunden.</translation></message>
<message><source>Put the file with low_noise in its name (LowNoise for GGUF) into the same folder.</source><translation>Leg die Datei mit low_noise im Namen (LowNoise bei GGUF) in denselben Ordner.</translation></message>
<message><source>"{1}" is a transformer alone; its {2} was not found.</source><translation>„{1}“ ist nur ein Transformer; nicht gefunden: {2}.</translation></message>
<message><source>Put the file of its {1} beside it (in the diffusers folder it is the one in {2}), or get the model as ComfyUI has it, with both in one file.</source><translation>Leg die Datei für {1} daneben (im diffusers-Ordner ist es die in {2}), oder hol das Modell so, wie ComfyUI es hat, mit beidem in einer Datei.</translation></message>
<message><source>"{1}" needs a few more small files: the words of its text encoder (a tokenizer).</source><translation>„{1}“ braucht noch ein paar kleine Dateien: die Wörter seines Textencoders (einen Tokenizer).</translation></message>
<message><source>Get them with: wordbrush models download tokenizer:{1} (a few megabytes). If the model lies in the folder of ComfyUI or Forge, or its diffusers folder is installed, they are taken from there.</source><translation>Hol sie mit: wordbrush models download tokenizer:{1} (ein paar Megabyte). Liegt das Modell im Ordner von ComfyUI oder Forge, oder ist sein diffusers-Ordner installiert, werden sie von dort genommen.</translation></message>
<message><source>{1} is missing</source><translation>{1} fehlt</translation></message>
<message><source>{1} does not load</source><translation>{1} lässt sich nicht laden</translation></message>
<message><source>{1} tensors of {2} are missing or misshapen</source><translation>{1} Tensoren von {2} fehlen oder haben die falsche Form</translation></message>
<message><source>Choose the base model of the same name.</source><translation>Wähle das Basismodell desselben Namens.</translation></message>
<message><source>There are no models in the folders of "{1}" that Wordbrush looks into.</source><translation>In den Ordnern von „{1}“, in denen Wordbrush sucht, sind keine Modelle.</translation></message>
<message><source>These are checkpoints, diffusion_models, unet and Stable-diffusion; or add a model's own file.</source><translation>Das sind checkpoints, diffusion_models, unet und Stable-diffusion; oder füge die Datei eines Modells selbst hinzu.</translation></message>
<message><source>The model "{1}" ships with Wordbrush and cannot be removed.</source><translation>Das Modell „{1}“ gehört zu Wordbrush und kann nicht entfernt werden.</translation></message>
<message><source>Choose another model to remove.</source><translation>Wähle ein anderes Modell zum Entfernen.</translation></message>
<message><source>The model "{1}" belongs to a folder that was added as a whole: {2}</source><translation>Das Modell „{1}“ gehört zu einem Ordner, der als Ganzes hinzugefügt wurde: {2}</translation></message>
<message><source>Take the whole folder off the list with: wordbrush models remove "{1}".</source><translation>Nimm den ganzen Ordner von der Liste: wordbrush models remove "{1}".</translation></message>
<message><source>The model "{1}" was not downloaded by Wordbrush, so its files are not deleted: {2}</source><translation>Das Modell „{1}“ wurde nicht von Wordbrush heruntergeladen, deshalb werden seine Dateien nicht gelöscht: {2}</translation></message>
<message><source>Add --delete-files to delete them anyway, or move them elsewhere.</source><translation>Mit --delete-files werden sie trotzdem gelöscht; oder verschiebe sie.</translation></message>
<message><source>The model "{1}" could not be removed: {2}.</source><translation>Das Modell „{1}“ konnte nicht entfernt werden: {2}.</translation></message>
<message><source>Close the programs that use it, and make sure that you may write to its folder.</source><translation>Schließe die Programme, die es verwenden, und sorge dafür, dass du in seinen Ordner schreiben darfst.</translation></message>
<message><source>"{1}" is not in the library.</source><translation>„{1}“ ist nicht in der Bibliothek.</translation></message>
<message><source>See the installed ones with: wordbrush models list.</source><translation>Sieh die installierten mit: wordbrush models list.</translation></message>
<message><source>There is no C++ compiler on this machine, which compiling for the CPU needs; g++ or clang will do.</source><translation>Auf diesem Rechner ist kein C++-Compiler, den das Kompilieren für die CPU braucht; g++ oder clang genügt.</translation></message>
<message><source>Triton is missing, or does not know this device; reinstall torch with it.</source><translation>Triton fehlt oder kennt dieses Gerät nicht; installiere torch mit ihm noch einmal.</translation></message>
<message><source>There is no ControlNet "{1}".</source><translation>Es gibt kein ControlNet „{1}“.</translation></message>
<message><source>Check its name, or choose it again.</source><translation>Prüfe seinen Namen, oder wähle es noch einmal.</translation></message>
<message><source>Installed: {1}. A path works too.</source><translation>Installiert: {1}. Ein Pfad geht auch.</translation></message>
<message><source>No {1} was found that fits the model "{2}".</source><translation>Zum Modell „{2}“ wurde nichts Passendes gefunden: {1}.</translation></message>
<message><source>Say what the picture shows, or name the one to use of: {1}.</source><translation>Sag, was das Bild zeigt, oder nenne das gewünschte von: {1}.</translation></message>
<message><source>The ControlNet "{1}" is a pickle, which can run code as it is opened, so Wordbrush does not open it.</source><translation>Das ControlNet „{1}“ ist ein Pickle, der beim Öffnen Code ausführen kann; deshalb öffnet Wordbrush ihn nicht.</translation></message>
<message><source>Put ControlNets into the folder {1}, or give the path of one.</source><translation>Leg ControlNets in den Ordner {1}, oder gib den Pfad von einem an.</translation></message>
<message><source>"{1}" is not a ControlNet that Wordbrush knows: {2}.</source><translation>„{1}“ ist kein ControlNet, das Wordbrush kennt: {2}.</translation></message>
<message><source>Choose a ControlNet for Stable Diffusion 1.x, 2.x or XL, as a safetensors file or as a diffusers folder.</source><translation>Wähle ein ControlNet für Stable Diffusion 1.x, 2.x oder XL, als safetensors-Datei oder als diffusers-Ordner.</translation></message>
<message><source>The model "{1}" takes no control pictures.</source><translation>Das Modell „{1}“ nimmt keine Kontrollbilder.</translation></message>
<message><source>Choose a Stable Diffusion model, or remove the control picture.</source><translation>Wähle ein Stable-Diffusion-Modell, oder entferne das Kontrollbild.</translation></message>
<message><source>The ControlNet "{1}" has to be told what the control picture shows, but its kind is "{2}".</source><translation>Dem ControlNet „{1}“ muss man sagen, was das Kontrollbild zeigt, seine Art ist aber „{2}“.</translation></message>
<message><source>There are {1} control pictures.</source><translation>Es sind {1} Kontrollbilder.</translation></message>
<message><source>A control picture is not an RGB picture.</source><translation>Ein Kontrollbild ist kein RGB-Bild.</translation></message>
<message><source>Give an array of uint8 [h, w, 3], of at most {1} pixels a side.</source><translation>Gib ein uint8-Array [h, w, 3] an, höchstens {1} Pixel pro Seite.</translation></message>
<message><source>A control picture acts from {1} to {2} of the steps.</source><translation>Ein Kontrollbild wirkt von {1} bis {2} der Schritte.</translation></message>
<message><source>Give the start first, then the end, each from 0 to 1.</source><translation>Gib erst den Anfang, dann das Ende an, jeweils von 0 bis 1.</translation></message>
<message><source>{1} has another shape</source><translation>{1} hat eine andere Form</translation></message>
<message><source>{1} of its tensors are missing, such as {2}</source><translation>{1} seiner Tensoren fehlen, etwa {2}</translation></message>
<message><source>its {1} is {2}, the model's {3}</source><translation>sein {1} ist {2}, beim Modell {3}</translation></message>
<message><source>The ControlNet "{1}" does not fit this model: {2}.</source><translation>Das ControlNet „{1}“ passt nicht zu diesem Modell: {2}.</translation></message>
<message><source>Choose a ControlNet of the model's own family, or another model.</source><translation>Wähle ein ControlNet aus der Familie des Modells, oder ein anderes Modell.</translation></message>
<message><source>The ControlNet "{1}" is damaged: {2}</source><translation>Das ControlNet „{1}“ ist beschädigt: {2}</translation></message>
<message><source>Get its files again.</source><translation>Hol seine Dateien noch einmal.</translation></message>
<message><source>The embedding "{1}" is a pickle ({2}), which can run code as it is opened, so Wordbrush does not open it.</source><translation>Das Embedding „{1}“ ist ein Pickle ({2}), der beim Öffnen Code ausführen kann; deshalb öffnet Wordbrush ihn nicht.</translation></message>
<message><source>Get it as .safetensors, convert it with a program that you trust, or take the word out of the prompt.</source><translation>Hol es als .safetensors, wandle es mit einem Programm um, dem du vertraust, oder nimm das Wort aus dem Prompt.</translation></message>
<message><source>The model's expert "{1}" does not fit its base: its {2} is {3}, the base's {4}.</source><translation>Der Experte „{1}“ des Modells passt nicht zu seiner Basis: sein {2} ist {3}, das der Basis {4}.</translation></message>
<message><source>Get the expert that was made for this model, or choose the base alone.</source><translation>Hol den Experten, der für dieses Modell gemacht wurde, oder wähle nur die Basis.</translation></message>
<message><source>Choose the base alone, or another model.</source><translation>Wähle nur die Basis, oder ein anderes Modell.</translation></message>
<message><source>its scheduler_config.json makes no sense</source><translation>seine scheduler_config.json ergibt keinen Sinn</translation></message>
<message><source>"{1}" and "{2}" cannot work on the same picture: their latents differ ({3}; {4}).</source><translation>„{1}“ und „{2}“ können nicht am selben Bild arbeiten: ihre Latents sind verschieden ({3}; {4}).</translation></message>
<message><source>Choose an expert of the same kind as "{1}", such as a model that was made from it.</source><translation>Wähle einen Experten derselben Art wie „{1}“, etwa ein Modell, das daraus gemacht wurde.</translation></message>
<message><source>its config makes no sense</source><translation>seine Konfiguration ergibt keinen Sinn</translation></message>
<message><source>The folder "{1}" contains no model.</source><translation>Der Ordner „{1}“ enthält kein Modell.</translation></message>
<message><source>Choose a folder that has a model_index.json in it, or a single .safetensors file.</source><translation>Wähle einen Ordner mit einer model_index.json, oder eine einzelne .safetensors-Datei.</translation></message>
<message><source>There is no model at "{1}".</source><translation>Unter „{1}“ ist kein Modell.</translation></message>
<message><source>Choose a model from the library, or the path of a diffusers folder.</source><translation>Wähle ein Modell aus der Bibliothek, oder den Pfad eines diffusers-Ordners.</translation></message>
<message><source>"{1}" is neither a folder nor an ordinary file.</source><translation>„{1}“ ist weder ein Ordner noch eine gewöhnliche Datei.</translation></message>
<message><source>"{1}" is not a model file that Wordbrush can open.</source><translation>„{1}“ ist keine Modelldatei, die Wordbrush öffnen kann.</translation></message>
<message><source>Choose a .safetensors or .gguf file, or the folder of a model (the one with model_index.json).</source><translation>Wähle eine .safetensors- oder .gguf-Datei, oder den Ordner eines Modells (den mit model_index.json).</translation></message>
<message><source>the folder "{1}" is missing</source><translation>der Ordner „{1}“ fehlt</translation></message>
<message><source>This model needs more than noise to start from (it is made for inpainting or similar).</source><translation>Dieses Modell braucht am Anfang mehr als Rauschen (es ist für Inpainting oder Ähnliches gemacht).</translation></message>
<message><source>config.json has no usable block_out_channels</source><translation>config.json hat keine brauchbaren block_out_channels</translation></message>
<message><source>This model is said to follow instructions, but its denoiser takes no picture.</source><translation>Dieses Modell soll Anweisungen befolgen, aber sein Entrauscher nimmt kein Bild an.</translation></message>
<message><source>a value in it has the wrong type</source><translation>ein Wert darin ist von der falschen Art</translation></message>
<message><source>there is no sampler named "{1}"</source><translation>es gibt keinen Sampler namens „{1}“</translation></message>
<message><source>its "{1}" is not a list of words</source><translation>sein „{1}“ ist keine Liste von Wörtern</translation></message>
<message><source>its "near" does not give a name of the model for each word</source><translation>sein „near“ nennt nicht zu jedem Wort einen Namen des Modells</translation></message>
<message><source>its "groups" are not lists of names of the model</source><translation>seine „groups“ sind keine Listen von Namen des Modells</translation></message>
<message><source>it was made for {1}</source><translation>sie wurde für {1} gemacht</translation></message>
<message><source>The LoRA "{1}" cannot be used while the model does not fit on its device.</source><translation>Die LoRA „{1}“ ist nicht verwendbar, solange das Modell nicht auf sein Gerät passt.</translation></message>
<message><source>Choose a smaller model or picture, the device cpu, or remove the LoRA.</source><translation>Wähle ein kleineres Modell oder Bild, das Gerät cpu, oder entferne die LoRA.</translation></message>
<message><source>{1} the picture</source><translation>für das {1} des Bildes</translation></message>
<message><source>its files do not load</source><translation>seine Dateien lassen sich nicht laden</translation></message>
<message><source>it has no {1}</source><translation>es hat kein {1}</translation></message>
<message><source>The model's autoencoder is a {1}, which is not supported.</source><translation>Der Autoencoder des Modells ist ein {1}, der nicht unterstützt wird.</translation></message>
<message><source>Choose a model with one of: {1}.</source><translation>Wähle ein Modell mit einem von: {1}.</translation></message>
<message><source>scheduler_config.json makes no sense</source><translation>scheduler_config.json ergibt keinen Sinn</translation></message>
<message><source>its text_encoder_select_layers make no sense</source><translation>seine text_encoder_select_layers ergeben keinen Sinn</translation></message>
<message><source>a step</source><translation>für einen Schritt</translation></message>
<message><source>a gradient step</source><translation>für einen Gradientenschritt</translation></message>
<message><source>its chat template is missing</source><translation>seine Chat-Vorlage fehlt</translation></message>
<message><source>its preview does not fit the model</source><translation>seine Vorschau passt nicht zum Modell</translation></message>
<message><source>The model was asked to denoise before a run began.</source><translation>Das Modell sollte entrauschen, bevor ein Lauf begonnen hatte.</translation></message>
<message><source>Generate again.</source><translation>Erzeuge noch einmal.</translation></message>
<message><source>The picture is too large for this model.</source><translation>Das Bild ist zu groß für dieses Modell.</translation></message>
<message><source>Choose sides of at most {1} pixels.</source><translation>Wähle Seiten von höchstens {1} Pixeln.</translation></message>
<message><source>This model's two text encoders cut the prompt into different tokens.</source><translation>Die beiden Textencoder dieses Modells zerlegen den Prompt in verschiedene Tokens.</translation></message>
<message><source>The model "{1}" takes no prompt for each area in its attention.</source><translation>Das Modell „{1}“ nimmt in seiner Aufmerksamkeit keinen Prompt für jeden Bereich.</translation></message>
<message><source>Choose another law, such as ediffi, or a Stable Diffusion model.</source><translation>Wähle ein anderes Gesetz, etwa ediffi, oder ein Stable-Diffusion-Modell.</translation></message>
<message><source>it changes the model's text encoder, which reads the prompt as a whole; it can only act on the whole picture, not on one word</source><translation>sie ändert den Textencoder des Modells, der den Prompt als Ganzes liest; nur das ganze Bild kann sie hören, nicht ein Wort</translation></message>
<message><source>Let the LoRA act in the whole picture, or choose one that changes the transformer alone.</source><translation>Lass die LoRA im ganzen Bild wirken, oder wähle eine, die nur den Transformer ändert.</translation></message>
<message><source>The model's text encoder is a {1}, which is not supported.</source><translation>Der Textencoder des Modells ist ein {1}, der nicht unterstützt wird.</translation></message>
<message><source>Choose the model that it belongs to; Wordbrush opens whole models and their folders only.</source><translation>Wähle das Modell, zu dem es gehört; Wordbrush öffnet nur ganze Modelle und ihre Ordner.</translation></message>
<message><source>Choose the model that it was made for, and then add this file as a LoRA.</source><translation>Wähle das Modell, für das sie gemacht wurde, und füge dann diese Datei als LoRA hinzu.</translation></message>
<message><source>Put it into the folder ip_adapters beside the models folder: a style picture uses it by itself.</source><translation>Leg ihn in den Ordner ip_adapters neben dem Modellordner: ein Stilbild verwendet ihn von selbst.</translation></message>
<message><source>Choose the model that it was made for. Embeddings cannot be added to a model yet.</source><translation>Wähle das Modell, für das es gemacht wurde. Embeddings lassen sich einem Modell noch nicht hinzufügen.</translation></message>
<message><source>Choose a model of {1}.</source><translation>Wähle ein Modell von {1}.</translation></message>
<message><source>Get the whole model (often 2 to 7 GB), or its diffusers folder.</source><translation>Hol das ganze Modell (oft 2 bis 7 GB), oder seinen diffusers-Ordner.</translation></message>
<message><source>"{1}" is CosXL Edit, which takes the picture that it changes in another way than InstructPix2Pix.</source><translation>„{1}“ ist CosXL Edit, das das Bild, das es ändert, anders annimmt als InstructPix2Pix.</translation></message>
<message><source>Choose an InstructPix2Pix model.</source><translation>Wähle ein InstructPix2Pix-Modell.</translation></message>
<message><source>"{1}" has no {2} in it.</source><translation>In „{1}“ fehlt: {2}.</translation></message>
<message><source>"{1}" is a shortened version of Stable Diffusion XL (SSD-1B, Segmind Vega or similar).</source><translation>„{1}“ ist eine gekürzte Fassung von Stable Diffusion XL (SSD-1B, Segmind Vega oder ähnlich).</translation></message>
<message><source>{1} instead of its single file.</source><translation>{1} statt seiner einzelnen Datei.</translation></message>
<message><source>"{1}" is not a single-file model of the kinds that Wordbrush knows: {2}.</source><translation>„{1}“ ist kein Einzeldatei-Modell der Arten, die Wordbrush kennt: {2}.</translation></message>
<message><source>{1} instead of its single file, if it has one.</source><translation>{1} statt seiner einzelnen Datei, wenn es einen hat.</translation></message>
<message><source>{1} instead, if it has one.</source><translation>Stattdessen: {1}, wenn es einen hat.</translation></message>
<message><source>The weights of "{1}" are packed in a way that Wordbrush does not read ({2}).</source><translation>Die Gewichte von „{1}“ sind auf eine Art gepackt, die Wordbrush nicht liest ({2}).</translation></message>
<message><source>Get the model in fp16, bf16 or fp8.</source><translation>Hol das Modell in fp16, bf16 oder fp8.</translation></message>
<message><source>The model says that it predicts "{1}", which Wordbrush does not know.</source><translation>Das Modell sagt, dass es „{1}“ vorhersagt; das kennt Wordbrush nicht.</translation></message>
<message><source>Choose a model that predicts noise (epsilon) or v.</source><translation>Wähle ein Modell, das Rauschen (epsilon) oder v vorhersagt.</translation></message>
<message><source>There is no IP-Adapter for the model "{1}", so it cannot use style pictures.</source><translation>Für das Modell „{1}“ gibt es keinen IP-Adapter, es kann also keine Stilbilder verwenden.</translation></message>
<message><source>Choose a Stable Diffusion 1.x or XL model, or the starter, or remove the style.</source><translation>Wähle ein Modell von Stable Diffusion 1.x oder XL oder den Starter, oder entferne den Stil.</translation></message>
<message><source>The IP-Adapter "{1}" needs an image encoder, and none that fits was found.</source><translation>Der IP-Adapter „{1}“ braucht einen Bildencoder, und kein passender wurde gefunden.</translation></message>
<message><source>Get it from {1} ({2}) and put it as the folder image_encoder beside {3}.</source><translation>Hol ihn von {1} ({2}), und leg ihn als Ordner image_encoder neben {3}.</translation></message>
<message><source>The IP-Adapter "{1}" is a pickle, which can run code as it is opened, so Wordbrush does not open it.</source><translation>Der IP-Adapter „{1}“ ist ein Pickle, der beim Öffnen Code ausführen kann; deshalb öffnet Wordbrush ihn nicht.</translation></message>
<message><source>Get {1} instead, from {2}, and put it beside {3}.</source><translation>Hol stattdessen {1} von {2}, und leg es neben {3}.</translation></message>
<message><source>The model "{1}" takes style pictures through an IP-Adapter, and none that fits it is installed.</source><translation>Das Modell „{1}“ nimmt Stilbilder über einen IP-Adapter, und kein passender ist installiert.</translation></message>
<message><source>Get {1} and the folder models/image_encoder from {2} and put both into {3}.</source><translation>Hol {1} und den Ordner models/image_encoder von {2}, und leg beide in {3}.</translation></message>
<message><source>"{1}" is not an IP-Adapter that Wordbrush knows: {2}.</source><translation>„{1}“ ist kein IP-Adapter, den Wordbrush kennt: {2}.</translation></message>
<message><source>Choose one for Stable Diffusion 1.x or XL, plain or plus, as a safetensors file.</source><translation>Wähle einen für Stable Diffusion 1.x oder XL, plain oder plus, als safetensors-Datei.</translation></message>
<message><source>The IP-Adapter "{1}" does not fit the model "{2}", which has different layers.</source><translation>Der IP-Adapter „{1}“ passt nicht zum Modell „{2}“, dessen Schichten andere sind.</translation></message>
<message><source>Choose a model with the layers of Stable Diffusion 1.x or XL, or remove the style.</source><translation>Wähle ein Modell mit den Schichten von Stable Diffusion 1.x oder XL, oder entferne den Stil.</translation></message>
<message><source>The IP-Adapter "{1}" is damaged: tensors are missing or misshapen.</source><translation>Der IP-Adapter „{1}“ ist beschädigt: Tensoren fehlen oder haben die falsche Form.</translation></message>
<message><source>Get its file again.</source><translation>Hol seine Datei noch einmal.</translation></message>
<message><source>The image encoder "{1}" is damaged: tensors are missing or misshapen.</source><translation>Der Bildencoder „{1}“ ist beschädigt: Tensoren fehlen oder haben die falsche Form.</translation></message>
<message><source>Did you mean "{1}"?</source><translation>Meintest du „{1}“?</translation></message>
<message><source>There is no model "{1}".</source><translation>Es gibt kein Modell „{1}“.</translation></message>
<message><source>Installed: {1}. A path of a model folder works too.</source><translation>Installiert: {1}. Der Pfad eines Modellordners geht auch.</translation></message>
<message><source>The model "{1}" has no expert "{2}".</source><translation>Das Modell „{1}“ hat keinen Experten „{2}“.</translation></message>
<message><source>It has none; choose another model, or its base.</source><translation>Es hat keine; wähle ein anderes Modell, oder seine Basis.</translation></message>
<message><source>It cannot be read: {1}.</source><translation>Es ist nicht lesbar: {1}.</translation></message>
<message><source>Its files cannot be understood: {1}.</source><translation>Seine Dateien sind nicht zu verstehen: {1}.</translation></message>
<message><source>There are models inside it: choose {1}.</source><translation>Darin sind Modelle: wähle {1}.</translation></message>
<message><source>which is not a low-rank delta of a denoiser's layer</source><translation>das keine niedrigrangige Änderung einer Schicht eines Denoisers ist</translation></message>
<message><source>beside layers of a network called {1}</source><translation>neben Schichten eines Netzes namens {1}</translation></message>
<message><source>{1}.{2}.{3} is missing from {4}</source><translation>{1}.{2}.{3} fehlt in {4}</translation></message>
<message><source>{1} contains no tensors</source><translation>{1} enthält keine Tensoren</translation></message>
<message><source>{1} cannot be read</source><translation>{1} ist nicht lesbar</translation></message>
<message><source>{1} in {2} holds NaN or infinity</source><translation>{1} in {2} enthält NaN oder unendlich</translation></message>
<message><source>which is not a single number</source><translation>das keine einzelne Zahl ist</translation></message>
<message><source>for which the model has no layer</source><translation>wofür das Modell keine Schicht hat</translation></message>
<message><source>The model's {1} does not fit it: it holds {2}, {3}.</source><translation>Ein Teil des Modells ({1}) passt nicht zu ihm: er enthält {2}, {3}.</translation></message>
<message><source>its "experts" is not a list of experts</source><translation>sein "experts" ist keine Liste von Experten</translation></message>
<message><source>an expert has no usable name but {1}</source><translation>ein Experte hat keinen brauchbaren Namen, sondern {1}</translation></message>
<message><source>two of its experts are named "{1}"</source><translation>zwei seiner Experten heißen „{1}“</translation></message>
<message><source>The model's experts do not cover each noise level exactly once: {1}.</source><translation>Die Experten des Modells decken nicht jede Rauschstufe genau einmal ab: {1}.</translation></message>
<message><source>Correct its wordbrush.json, or get the model again. {1}</source><translation>Berichtige seine wordbrush.json, oder hol das Modell noch einmal. {1}</translation></message>
<message><source>an expert's part is {1}, which is not a folder in experts</source><translation>der Teil eines Experten ist {1}; das ist kein Ordner in experts</translation></message>
<message><source>the folder "experts/{1}" is missing</source><translation>der Ordner „experts/{1}“ fehlt</translation></message>
<message><source>its weights file is not a complete safetensors file</source><translation>seine Gewichte sind keine vollständige safetensors-Datei</translation></message>
<message><source>{1} does not hold {2} alone</source><translation>{1} enthält nicht nur {2}</translation></message>
<message><source>The model's {1} does not fit it: its channels for a picture were made for another first layer.</source><translation>Der Teil {1} passt nicht zum Modell: Seine Kanäle für ein Bild wurden für eine andere erste Schicht gemacht.</translation></message>
<message><source>Get the one that was made for this model, or remove its folder.</source><translation>Besorge den, der für dieses Modell gemacht wurde, oder entferne seinen Ordner.</translation></message>
<message><source>The list of models cannot be written: {1}.</source><translation>Die Liste der Modelle kann nicht geschrieben werden: {1}.</translation></message>
<message><source>Downloads are switched off.</source><translation>Das Herunterladen ist abgeschaltet.</translation></message>
<message><source>Switch them on with: wordbrush models offline off. If WORDBRUSH_OFFLINE is set, unset it as well.</source><translation>Schalte es ein mit: wordbrush models offline off. Ist WORDBRUSH_OFFLINE gesetzt, lösche auch das.</translation></message>
<message><source>"{1}" is not a list of model folders that can be read.</source><translation>„{1}“ ist keine lesbare Liste von Modellordnern.</translation></message>
<message><source>It has to be as ComfyUI's extra_model_paths.yaml: names of folders and their paths, below a heading.</source><translation>Sie muss wie ComfyUIs extra_model_paths.yaml sein: Namen von Ordnern und ihre Pfade unter einer Überschrift.</translation></message>
<message><source>"{1}" is only a denoiser (UNet), and its {2} was not found.</source><translation>„{1}“ ist nur ein Denoiser (UNet); nicht gefunden: {2}.</translation></message>
<message><source>Put the other parts (such as clip_l.safetensors and the VAE) beside it, or into folders named "vae" and "text_encoders" next to its own; or get the whole model.</source><translation>Leg die anderen Teile (etwa clip_l.safetensors und das VAE) daneben, oder in Ordner namens "vae" und "text_encoders" neben seinem eigenen; oder hol das ganze Modell.</translation></message>
<message><source>tensors in {1} are missing or have the wrong shape</source><translation>Tensoren in {1} fehlen oder haben die falsche Form</translation></message>
<message><source>The model's {1} is incomplete: {2}.</source><translation>Ein Teil des Modells ({1}) ist unvollständig: {2}.</translation></message>
<message><source>Get the whole file again (often 2 to 7 GB), or the model's diffusers folder.</source><translation>Hol die ganze Datei noch einmal (oft 2 bis 7 GB), oder den diffusers-Ordner des Modells.</translation></message>
<message><source>{1} has none of its tensors</source><translation>{1} enthält keinen seiner Tensoren</translation></message>
<message><source>it does not say of each name where it is</source><translation>Sie sagt nicht von jedem Namen, wo er ist</translation></message>
<message><source>The name of a LoRA</source><translation>Der Name einer LoRA</translation></message>
<message><source>The weight of a LoRA</source><translation>Das Gewicht einer LoRA</translation></message>
<message><source>The kind</source><translation>Die Art</translation></message>
<message><source>The preparation</source><translation>Die Aufbereitung</translation></message>
<message><source>The strength of a control picture</source><translation>Die Stärke eines Kontrollbildes</translation></message>
<message><source>The range of steps of a control picture</source><translation>Der Bereich der Schritte eines Kontrollbildes</translation></message>
<message><source>Whether the picture is inverted</source><translation>Ob das Bild umgekehrt wird</translation></message>
<message><source>The strength</source><translation>Die Stärke</translation></message>
<message><source>The context</source><translation>Die Umgebung</translation></message>
<message><source>The scale</source><translation>Die Vergrößerung</translation></message>
<message><source>The strength of the refinement</source><translation>Die Stärke der Verfeinerung</translation></message>
<message><source>The width</source><translation>Die Breite</translation></message>
<message><source>The height</source><translation>Die Höhe</translation></message>
<message><source>The batch</source><translation>Der Stapel</translation></message>
<message><source>A {1} contains something that cannot be sent.</source><translation>Etwas darin lässt sich nicht senden: {1}.</translation></message>
<message><source>Check its text and numbers.</source><translation>Prüfe seinen Text und seine Zahlen.</translation></message>
<message><source>A {1} is too large to be sent.</source><translation>Das ist zum Senden zu groß: {1}.</translation></message>
<message><source>Send less than {1} MiB: a smaller size or count.</source><translation>Sende weniger als {1} MiB: eine kleinere Größe oder Anzahl.</translation></message>
<message><source>it does not start like a Wordbrush message</source><translation>es beginnt nicht wie eine Nachricht von Wordbrush</translation></message>
<message><source>A message has version {1}; this Wordbrush reads version {2}.</source><translation>Eine Nachricht hat Version {1}; dieses Wordbrush liest Version {2}.</translation></message>
<message><source>Use the same version of Wordbrush on both machines.</source><translation>Verwende auf beiden Rechnern dieselbe Version von Wordbrush.</translation></message>
<message><source>it is too large</source><translation>es ist zu groß</translation></message>
<message><source>A message cannot be read.</source><translation>Eine Nachricht ist nicht lesbar.</translation></message>
<message><source>Send it again.</source><translation>Sende sie noch einmal.</translation></message>
<message><source>it has an extension of the unknown type {1}</source><translation>es hat eine Erweiterung unbekannter Art {1}</translation></message>
<message><source>its arrays are too large</source><translation>seine Arrays sind zu groß</translation></message>
<message><source>an array of {1} {2}</source><translation>ein Array {1} {2}</translation></message>
<message><source>the length of an array does not fit its shape</source><translation>die Länge eines Arrays passt nicht zu seiner Form</translation></message>
<message><source>no {1}</source><translation>kein {1}</translation></message>
<message><source>The weight of a word</source><translation>Das Gewicht eines Wortes</translation></message>
<message><source>The share of steps that keeps words</source><translation>Der Anteil der Schritte, der Wörter behält</translation></message>
<message><source>The share of steps that keeps shapes</source><translation>Der Anteil der Schritte, der Formen behält</translation></message>
<message><source>The guidance by the picture</source><translation>Die Führung durch das Bild</translation></message>
<message><source>"{1}" is not the address of a machine.</source><translation>„{1}“ ist keine Adresse eines Rechners.</translation></message>
<message><source>Write HOST:PORT, such as 192.168.1.20:8765, or wss://HOST:PORT for one that uses TLS.</source><translation>Schreiben Sie NAME:PORT, etwa 192.168.1.20:8765, oder wss://NAME:PORT für einen Rechner mit TLS.</translation></message>
<message><source>There is no connection to {1} yet.</source><translation>Es gibt noch keine Verbindung zu {1}.</translation></message>
<message><source>Wait a moment, or choose another machine.</source><translation>Warten Sie einen Augenblick, oder wählen Sie einen anderen Rechner.</translation></message>
<message><source>The other machine has started again meanwhile.</source><translation>Der andere Rechner hat inzwischen neu begonnen.</translation></message>
<message><source>The other machine has ended several times over this.</source><translation>Der andere Rechner hat dabei mehrmals abgebrochen.</translation></message>
<message><source>It may have too little memory for it: choose a smaller size, or look at its messages.</source><translation>Vielleicht reicht sein Speicher nicht: Wählen Sie eine kleinere Größe, oder sehen Sie sich seine Meldungen an.</translation></message>
<message><source>The connection was closed.</source><translation>Die Verbindung wurde geschlossen.</translation></message>
<message><source>Choose the machine again.</source><translation>Wählen Sie den Rechner noch einmal.</translation></message>
<message><source>The other machine does not answer.</source><translation>Der andere Rechner antwortet nicht.</translation></message>
<message><source>Look at what it says there.</source><translation>Sehen Sie dort nach, was er meldet.</translation></message>
<message><source>The connection to the other machine failed.</source><translation>Die Verbindung zum anderen Rechner ist gescheitert.</translation></message>
<message><source>The other machine's certificate is not trusted.</source><translation>Dem Zertifikat des anderen Rechners wird nicht vertraut.</translation></message>
<message><source>Choose its certificate file for this machine, or check the name in the address.</source><translation>Wählen Sie für diesen Rechner seine Zertifikatsdatei, oder prüfen Sie den Namen in der Adresse.</translation></message>
<message><source>The certificate file cannot be read.</source><translation>Die Zertifikatsdatei lässt sich nicht lesen.</translation></message>
<message><source>Choose another one for this machine.</source><translation>Wählen Sie für diesen Rechner eine andere.</translation></message>
<message><source>The connection to {1} is lost.</source><translation>Die Verbindung zu {1} ist abgebrochen.</translation></message>
<message><source>It is tried again by itself. Check that “wordbrush serve” runs there, and that the address is right.</source><translation>Es wird von selbst erneut versucht. Prüfen Sie, ob dort „wordbrush serve“ läuft und ob die Adresse stimmt.</translation></message>
<message><source>The token for the other machine is missing or wrong.</source><translation>Der Schlüssel für den anderen Rechner fehlt oder ist falsch.</translation></message>
<message><source>Enter the token that “wordbrush serve” showed there at its first start.</source><translation>Geben Sie den Schlüssel ein, den „wordbrush serve“ dort beim ersten Start gezeigt hat.</translation></message>
<message><source>The other machine has had too many wrong tokens.</source><translation>Der andere Rechner hat zu viele falsche Schlüssel bekommen.</translation></message>
<message><source>It is tried again by itself.</source><translation>Es wird von selbst erneut versucht.</translation></message>
<message><source>At that address is something else than Wordbrush.</source><translation>Unter dieser Adresse ist etwas anderes als Wordbrush.</translation></message>
<message><source>Check the address and the port.</source><translation>Prüfen Sie Adresse und Port.</translation></message>
<message><source>Something in this cannot be sent.</source><translation>Etwas darin lässt sich nicht senden.</translation></message>
<message><source>The other machine cannot be understood.</source><translation>Der andere Rechner ist nicht zu verstehen.</translation></message>
<message><source>The other machine does not serve the model "{1}".</source><translation>Der andere Rechner bietet das Modell „{1}“ nicht an.</translation></message>
<message><source>Choose one from the list of that machine.</source><translation>Wählen Sie eines aus der Liste dieses Rechners.</translation></message>
<message><source>Upscaling networks cannot be used on another machine.</source><translation>Netze zum Vergrößern lassen sich auf einem anderen Rechner nicht verwenden.</translation></message>
<message><source>Refine with the filter instead.</source><translation>Verfeinern Sie stattdessen mit dem Filter.</translation></message>
<message><source>The other machine has no LoRA "{1}".</source><translation>Der andere Rechner hat keine LoRA „{1}“.</translation></message>
<message><source>Put its file into the folder of LoRA files there.</source><translation>Legen Sie ihre Datei dort in den Ordner der LoRA-Dateien.</translation></message>
<message><source>The other machine has no ControlNet "{1}".</source><translation>Der andere Rechner hat kein ControlNet „{1}“.</translation></message>
<message><source>Put it into the folder of ControlNets there.</source><translation>Legen Sie es dort in den Ordner der ControlNets.</translation></message>
<message><source>A {1} of another machine is called by its name there.</source><translation>Ein {1} eines anderen Rechners wird bei seinem Namen dort genannt.</translation></message>
<message><source>Install it with: pip install "wordbrush[remote]".</source><translation>So installieren Sie es: pip install "wordbrush[remote]".</translation></message>
<message><source>Other machines need a package that is not installed (websockets).</source><translation>Für andere Rechner fehlt ein Paket (websockets).</translation></message>
<message><source>Other machines need a token.</source><translation>Andere Rechner brauchen einen Schlüssel.</translation></message>
<message><source>Give one, or serve this machine alone: 127.0.0.1.</source><translation>Geben Sie einen an, oder bedienen Sie nur diesen Rechner: 127.0.0.1.</translation></message>
<message><source>The other machine serves as many people as it can.</source><translation>Der andere Rechner bedient schon so viele, wie er kann.</translation></message>
<message><source>Wait until one of them has left.</source><translation>Warten Sie, bis jemand geht.</translation></message>
<message><source>More than {1} requests wait on the other machine.</source><translation>Auf dem anderen Rechner warten mehr als {1} Aufträge.</translation></message>
<message><source>Wait until some of them are done.</source><translation>Warten Sie, bis einige fertig sind.</translation></message>
<message><source>Too much is asked of the other machine at once.</source><translation>Vom anderen Rechner wird zu viel auf einmal verlangt.</translation></message>
<message><source>Wait until some of it is done.</source><translation>Warten Sie, bis ein Teil davon fertig ist.</translation></message>
<message><source>Something went wrong on the other machine.</source><translation>Auf dem anderen Rechner ist etwas schiefgegangen.</translation></message>
<message><source>The token of this machine cannot be saved.</source><translation>Der Schlüssel dieses Rechners lässt sich nicht speichern.</translation></message>
<message><source>Make sure that you may write "{1}".</source><translation>Sorgen Sie dafür, dass Sie „{1}“ schreiben dürfen.</translation></message>
<message><source>The token of this machine cannot be read.</source><translation>Der Schlüssel dieses Rechners lässt sich nicht lesen.</translation></message>
<message><source>Make sure that you may read "{1}", or delete it.</source><translation>Sorgen Sie dafür, dass Sie „{1}“ lesen dürfen, oder löschen Sie die Datei.</translation></message>
<message><source>Others on this machine may read its token.</source><translation>Andere auf diesem Rechner dürfen seinen Schlüssel lesen.</translation></message>
<message><source>Delete "{1}"; a new token is made at the next start.</source><translation>Löschen Sie „{1}“; beim nächsten Start wird ein neuer Schlüssel gemacht.</translation></message>
<message><source>The file with this machine's token is damaged.</source><translation>Die Datei mit dem Schlüssel dieses Rechners ist beschädigt.</translation></message>
<message><source>Delete "{1}", then start again.</source><translation>Löschen Sie „{1}“, und beginnen Sie noch einmal.</translation></message>
<message><source>There is nothing to search for.</source><translation>Es gibt nichts zu suchen.</translation></message>
<message><source>Write a word, or name a picture.</source><translation>Schreib ein Wort, oder nenn ein Bild.</translation></message>
<message><source>The number of pictures is {1}.</source><translation>Die Zahl der Bilder ist {1}.</translation></message>
<message><source>Ask for 1 or more.</source><translation>Verlange 1 oder mehr.</translation></message>
<message><source>The model makes nothing of it.</source><translation>Das Modell kann damit nichts anfangen.</translation></message>
<message><source>It is too large for this machine's memory.</source><translation>Es ist zu groß für den Arbeitsspeicher dieses Rechners.</translation></message>
<message><source>The CLIP "{1}" is damaged: tensors of its text encoder are missing or misshapen.</source><translation>Das CLIP „{1}“ ist beschädigt: Tensoren seines Text-Encoders fehlen oder haben die falsche Form.</translation></message>
<message><source>"{1}" is a file, not a folder.</source><translation>„{1}“ ist eine Datei, kein Ordner.</translation></message>
<message><source>There is no folder "{1}".</source><translation>Den Ordner „{1}“ gibt es nicht.</translation></message>
<message><source>Name a folder with pictures.</source><translation>Nenn einen Ordner mit Bildern.</translation></message>
<message><source>The folder "{1}" cannot be read.</source><translation>Der Ordner „{1}“ lässt sich nicht lesen.</translation></message>
<message><source>Check that you may read it, or choose another folder.</source><translation>Prüf, ob du ihn lesen darfst, oder wähl einen anderen Ordner.</translation></message>
<message><source>The refined picture would be {1} pixels wide or high.</source><translation>Das verfeinerte Bild wäre {1} Pixel breit oder hoch.</translation></message>
<message><source>Choose a smaller size or scale: at most {1} pixels a side.</source><translation>Wähle eine kleinere Größe oder Vergrößerung: höchstens {1} Pixel pro Seite.</translation></message>
<message><source>The text of what the picture shows</source><translation>Der Text zum Bild</translation></message>
<message><source>There is no shape to keep to: the whole picture is redone.</source><translation>Es gibt keine Form einzuhalten: Das ganze Bild wird neu gemacht.</translation></message>
<message><source>Mask the part that is the shape.</source><translation>Maskiere den Teil, der die Form ist.</translation></message>
<message><source>No word is painted in the shape that is to be filled.</source><translation>In der Form, die gefüllt werden soll, ist kein Wort gemalt.</translation></message>
<message><source>Paint the word that fills it, within the part that is redone.</source><translation>Male das Wort, das sie füllt, in dem Teil, der neu gemacht wird.</translation></message>
<message><source>The picture to start from is not an RGB picture.</source><translation>Womit der Lauf beginnen soll, ist kein RGB-Bild.</translation></message>
<message><source>Give an array of uint8 [height, width, 3].</source><translation>Gib ein uint8-Array [Höhe, Breite, 3] an.</translation></message>
<message><source>The picture to start from is {1}x{2}, but the picture is {3}x{4}.</source><translation>Das Ausgangsbild ist {1}x{2}, das Bild aber {3}x{4}.</translation></message>
<message><source>Give both the same size.</source><translation>Gib beiden dieselbe Größe.</translation></message>
<message><source>The repaint mask must hold one byte for each pixel.</source><translation>Die Maske dessen, was neu gemacht wird, muss für jeden Pixel ein Byte haben.</translation></message>
<message><source>Give a uint8 array [height, width]: 0 stays as it is, 255 is redone.</source><translation>Gib ein uint8-Array [Höhe, Breite] an: 0 bleibt, wie es ist, 255 wird neu gemacht.</translation></message>
<message><source>The repaint mask is {1}x{2}, but the picture is {3}x{4}.</source><translation>Die Maske dessen, was neu gemacht wird, ist {1}x{2}, das Bild aber {3}x{4}.</translation></message>
<message><source>The repaint mask is empty.</source><translation>Nichts ist dafür ausgewählt, neu gemacht zu werden.</translation></message>
<message><source>Paint the part to change, or leave the mask out.</source><translation>Male den Teil, der sich ändern soll, oder lass die Maske weg.</translation></message>
<message><source>The colours are not an RGBA picture.</source><translation>Die Farben sind kein RGBA-Bild.</translation></message>
<message><source>Give an array of uint8 [height, width, 4].</source><translation>Gib ein uint8-Array [Höhe, Breite, 4] an.</translation></message>
<message><source>The colours are {1}x{2}, but the picture is {3}x{4}.</source><translation>Die Farben sind {1}x{2}, das Bild aber {3}x{4}.</translation></message>
<message><source>Paint the colours at the picture's size.</source><translation>Male die Farben in der Größe des Bildes.</translation></message>
<message><source>None of the picture lies on the new canvas.</source><translation>Kein Teil des Bildes liegt auf der neuen Leinwand.</translation></message>
<message><source>Move it so that a part of it does.</source><translation>Verschiebe es so, dass ein Teil darauf liegt.</translation></message>
<message><source>This package of Wordbrush comes without it, and takes no more packages. Installed by pip, as "wordbrush[upscale]", it reads such networks. Without it pictures are scaled by a filter.</source><translation>Dieses Programmpaket von Wordbrush enthält es nicht und nimmt keine weiteren Pakete auf. Mit pip installiert, als "wordbrush[upscale]", liest es solche Netze. Ohne das werden Bilder durch einen Filter vergrößert.</translation></message>
<message><source>Install it with: pip install "wordbrush[upscale]". Without it pictures are scaled by a filter.</source><translation>Installiere es mit: pip install "wordbrush[upscale]". Ohne es werden Bilder mit einem Filter vergrößert.</translation></message>
<message><source>There is no upscaling network "{1}".</source><translation>Es gibt kein Vergrößerungsnetz „{1}“.</translation></message>
<message><source>Check the path of the file.</source><translation>Prüfe den Pfad der Datei.</translation></message>
<message><source>"{1}" is not an upscaling network.</source><translation>„{1}“ ist kein Vergrößerungsnetz.</translation></message>
<message><source>Give a .safetensors file.</source><translation>Nimm eine .safetensors-Datei.</translation></message>
<message><source>Upscaling networks need a package that is not installed (spandrel).</source><translation>Vergrößerungsnetze brauchen ein Paket, das nicht installiert ist (spandrel).</translation></message>
<message><source>"{1}" is not an upscaling network that can be read.</source><translation>„{1}“ ist kein lesbares Vergrößerungsnetz.</translation></message>
<message><source>Choose another file.</source><translation>Wähle eine andere Datei.</translation></message>
<message><source>"{1}" does not make colour pictures larger.</source><translation>„{1}“ vergrößert keine Farbbilder.</translation></message>
<message><source>Choose another model, one with a scheduler that Wordbrush supports ({1}).</source><translation>Wähle ein anderes Modell, dessen Scheduler Wordbrush unterstützt ({1}).</translation></message>
<message><source>The model's scheduler is {1}.</source><translation>Der Scheduler des Modells ist {1}.</translation></message>
<message><source>DDIM, Euler, DPM-Solver, LCM, TCD, flow matching with Euler</source><translation>DDIM, Euler, DPM-Solver, LCM, TCD, Flow-Matching mit Euler</translation></message>
<message><source>A style's picture is not an RGB picture.</source><translation>Das Bild eines Stils ist kein RGB-Bild.</translation></message>
<message><source>Give an array of uint8 [h, w, 3].</source><translation>Gib ein uint8-Array [h, w, 3] an.</translation></message>
<message><source>A style's area is not a mask.</source><translation>Der Bereich eines Stils ist keine Maske.</translation></message>
<message><source>Give an array of uint8 [height, width].</source><translation>Gib ein uint8-Array [Höhe, Breite] an.</translation></message>
<message><source>A style's area is {1}x{2}, but the picture is {3}x{4}.</source><translation>Der Bereich eines Stils ist {1}x{2}, das Bild aber {3}x{4}.</translation></message>
<message><source>Paint the area at the picture's size.</source><translation>Male den Bereich in der Größe des Bildes.</translation></message>
<message><source>A style's strength</source><translation>Die Stärke eines Stils</translation></message>
<message><source>A style's semantic</source><translation>Die Bedeutung eines Stils</translation></message>
<message><source>The model "{1}" cannot use moods: it has no image encoder.</source><translation>Das Modell „{1}“ kann keine Stimmungen verwenden: es hat keinen Bildencoder.</translation></message>
<message><source>Remove the mood, or choose a model with an image encoder, such as the starter.</source><translation>Entferne die Stimmung, oder wähle ein Modell mit einem Bildencoder, etwa den Starter.</translation></message>
<message><source>There are no pictures to make a mood from.</source><translation>Es gibt keine Bilder, aus denen eine Stimmung gemacht werden könnte.</translation></message>
<message><source>There are {1} pictures.</source><translation>Es sind {1} Bilder.</translation></message>
<message><source>Give 1 to {1} pictures that you like; five or more work best.</source><translation>Gib 1 bis {1} Bilder an, die dir gefallen; mit fünf oder mehr geht es am besten.</translation></message>
<message><source>None of the pictures to compare with can be read.</source><translation>Keines der Bilder, mit denen verglichen werden soll, kann gelesen werden.</translation></message>
<message><source>Leave them out, or name others.</source><translation>Lass sie weg, oder nenne andere.</translation></message>
<message><source>The folder "{1}" has no pictures.</source><translation>Der Ordner „{1}“ enthält keine Bilder.</translation></message>
<message><source>Name another folder, or pictures.</source><translation>Nenne einen anderen Ordner, oder Bilder.</translation></message>
<message><source>There is no file "{1}".</source><translation>Es gibt keine Datei „{1}“.</translation></message>
<message><source>Check the path of the picture.</source><translation>Prüfe den Pfad des Bildes.</translation></message>
<message><source>"{1}" cannot be the name of a mood.</source><translation>„{1}“ kann nicht der Name einer Stimmung sein.</translation></message>
<message><source>Use at most 80 letters, digits and blanks, and no / or :.</source><translation>Verwende höchstens 80 Buchstaben, Ziffern und Leerzeichen, und weder / noch :.</translation></message>
<message><source>The mood cannot be written: {1}.</source><translation>Die Stimmung kann nicht geschrieben werden: {1}.</translation></message>
<message><source>Free some space, or make the folder writable; then make it again.</source><translation>Schaffe Platz, oder mach den Ordner beschreibbar; dann mach sie noch einmal.</translation></message>
<message><source>"{1}" is not a mood.</source><translation>„{1}“ ist keine Stimmung.</translation></message>
<message><source>The mood "{1}" was made by a newer program.</source><translation>Die Stimmung „{1}“ wurde von einem neueren Programm gemacht.</translation></message>
<message><source>Update Wordbrush.</source><translation>Aktualisiere Wordbrush.</translation></message>
<message><source>The mood "{1}" is damaged.</source><translation>Die Stimmung „{1}“ ist beschädigt.</translation></message>
<message><source>Make it from pictures: wordbrush mood NAME PICTURES..., or "Mood from Starred Pictures" in the window.</source><translation>Mach sie aus Bildern: wordbrush mood NAME BILDER..., oder „Stimmung aus Bildern mit Stern“ im Fenster.</translation></message>
<message><source>There is no mood "{1}".</source><translation>Es gibt keine Stimmung „{1}“.</translation></message>
<message><source>The model "{1}" has no image encoder of its own, so it knows no CLIP guidance.</source><translation>Das Modell „{1}“ hat keinen eigenen Bildencoder, deshalb kennt es keine CLIP-Führung.</translation></message>
<message><source>Leave it at 0, or choose a model with an image encoder, such as the starter.</source><translation>Lass sie bei 0, oder wähle ein Modell mit einem Bildencoder, etwa den Starter.</translation></message>
<message><source>CLIP guidance has nothing to lead to.</source><translation>Die CLIP-Führung hat kein Ziel.</translation></message>
<message><source>Add a style picture or a mood, or leave it at 0.</source><translation>Füge ein Stilbild oder eine Stimmung hinzu, oder lass sie bei 0.</translation></message>
<message><source>The mood "{1}" was made with another image encoder than that of the model "{2}".</source><translation>Die Stimmung „{1}“ wurde mit einem anderen Bildencoder gemacht als dem des Modells „{2}“.</translation></message>
<message><source>Make it again with this model: wordbrush mood "{1}" PICTURES... --model "{2}".</source><translation>Mach sie noch einmal mit diesem Modell: wordbrush mood "{1}" BILDER... --model "{2}".</translation></message>
<message><source>What was learnt so far of "{1}" is damaged.</source><translation>Was bisher von „{1}“ gelernt wurde, ist beschädigt.</translation></message>
<message><source>Begin again from its pictures: they are kept.</source><translation>Beginnen Sie mit den Bildern von vorn: Sie sind noch da.</translation></message>
<message><source>Give a number from 1 on.</source><translation>Geben Sie eine Zahl ab 1 an.</translation></message>
<message><source>"{1}" is not a size.</source><translation>„{1}“ ist keine Größe.</translation></message>
<message><source>Give WIDTHxHEIGHT in pixels, such as 512x512.</source><translation>Geben Sie BREITExHÖHE in Pixeln an, etwa 512x512.</translation></message>
<message><source>A lesson that continues has its pictures.</source><translation>Ein Training, das fortgesetzt wird, hat seine Bilder schon.</translation></message>
<message><source>Give the word alone with --resume.</source><translation>Geben Sie mit --resume nur das Wort an.</translation></message>
<message><source>"{1}" is forgotten.</source><translation>„{1}“ ist vergessen.</translation></message>
<message><source>Stopped after step {1}: wordbrush teach "{2}" --resume continues.</source><translation>Nach Schritt {1} angehalten: wordbrush teach "{2}" --resume setzt fort.</translation></message>
<message><source>"{1}" is a word of {2} now: write it in a prompt, and paint it.</source><translation>„{1}“ ist jetzt ein Wort von {2}: Schreiben Sie es in einen Prompt und malen Sie es.</translation></message>
<message><source>Teach a model a word from pictures.</source><translation>Einem Modell aus Bildern ein Wort beibringen.</translation></message>
<message><source>The device ran out of memory.</source><translation>Dem Gerät ist der Speicher ausgegangen.</translation></message>
<message><source>Choose a smaller --batch, --size or --rank.</source><translation>Wählen Sie kleinere Werte für --batch, --size oder --rank.</translation></message>
<message><source>A file could not be read or written: {1}.</source><translation>Eine Datei konnte nicht gelesen oder geschrieben werden: {1}.</translation></message>
<message><source>Free some space or choose other folders; --resume continues from the last checkpoint.</source><translation>Schaffen Sie Platz oder wählen Sie andere Ordner; --resume setzt vom letzten Checkpoint fort.</translation></message>
<message><source>Something went wrong in Wordbrush: {1}.</source><translation>In Wordbrush ist etwas schiefgegangen: {1}.</translation></message>
<message><source>WORDBRUSH_DEBUG=1 shows where; please report it.</source><translation>WORDBRUSH_DEBUG=1 zeigt wo; bitte melden Sie es.</translation></message>
<message><source>What was learnt cannot be written: {1}.</source><translation>Das Gelernte kann nicht geschrieben werden: {1}.</translation></message>
<message><source>Free some space, or make the folder writable; then continue: nothing that was saved before is lost.</source><translation>Schaffen Sie Platz oder machen Sie den Ordner beschreibbar; setzen Sie dann fort: Was vorher gesichert wurde, ist nicht verloren.</translation></message>
<message><source>There is no method "{1}".</source><translation>Es gibt kein Verfahren „{1}“.</translation></message>
<message><source>Choose {1}.</source><translation>Wählen Sie {1}.</translation></message>
<message><source>Give a number from {1} to {2}.</source><translation>Geben Sie eine Zahl von {1} bis {2} an.</translation></message>
<message><source>"{1}" cannot be taught with pictures of {2}x{3} pixels.</source><translation>„{1}“ lässt sich nicht mit Bildern von {2}x{3} Pixeln trainieren.</translation></message>
<message><source>Give a size in multiples of {1}, such as {2}x{3}.</source><translation>Geben Sie eine Größe in Vielfachen von {1} an, etwa {2}x{3}.</translation></message>
<message><source>The kind of thing is not a word.</source><translation>Die Art des Dings ist kein Wort.</translation></message>
<message><source>Say it in one or two words, such as "dog".</source><translation>Sagen Sie es in einem oder zwei Wörtern, etwa „dog“.</translation></message>
<message><source>Pictures of its kind can be made only if the kind is known.</source><translation>Bilder seiner Art lassen sich nur erzeugen, wenn die Art bekannt ist.</translation></message>
<message><source>Say what kind of thing it is, such as "dog", or ask for no class pictures.</source><translation>Sagen Sie, was für ein Ding es ist, etwa „dog“, oder verlangen Sie keine Bilder der Art.</translation></message>
<message><source>What was taught in "{1}" cannot be read.</source><translation>Was in „{1}“ beigebracht wurde, kann nicht gelesen werden.</translation></message>
<message><source>Remove it, and teach the word from its pictures again.</source><translation>Entfernen Sie es, und bringen Sie das Wort aus seinen Bildern neu bei.</translation></message>
<message><source>"{1}" cannot be taught a word: it is not of the Stable Diffusion 1, 2 or XL families.</source><translation>„{1}“ lässt sich kein Wort beibringen: Es gehört nicht zu den Familien Stable Diffusion 1, 2 oder XL.</translation></message>
<message><source>Choose such a model, or the starter.</source><translation>Wählen Sie ein solches Modell oder das Startmodell.</translation></message>
<message><source>"{1}" cannot be taught a word: it was made to work in a few steps.</source><translation>„{1}“ lässt sich kein Wort beibringen: Es ist für wenige Schritte gemacht.</translation></message>
<message><source>"{1}" cannot be taught a word: it has no table of noise levels.</source><translation>„{1}“ lässt sich kein Wort beibringen: Es hat keine Tabelle von Rauschstufen.</translation></message>
<message><source>Teach the model that it was made from.</source><translation>Bringen Sie es dem Modell bei, aus dem es gemacht wurde.</translation></message>
<message><source>"{1}" cannot be taught a word: it needs a picture to begin from.</source><translation>„{1}“ lässt sich kein Wort beibringen: Es braucht ein Bild als Anfang.</translation></message>
<message><source>"{1}" cannot be the name of a word.</source><translation>„{1}“ kann nicht der Name eines Wortes sein.</translation></message>
<message><source>Give 2 to {1} letters and digits, with single hyphens or blanks between, such as "my-dog".</source><translation>Geben Sie 2 bis {1} Buchstaben und Ziffern an, mit einzelnen Bindestrichen oder Leerzeichen dazwischen, etwa „my-dog“.</translation></message>
<message><source>"{1}" is a word that the model knows.</source><translation>„{1}“ ist ein Wort, das das Modell kennt.</translation></message>
<message><source>Choose another name, such as one that you make up.</source><translation>Wählen Sie einen anderen Namen, am besten einen erfundenen.</translation></message>
<message><source>Choose another name, or remove that one first.</source><translation>Wählen Sie einen anderen Namen, oder entfernen Sie zuerst jenes.</translation></message>
<message><source>There is already a word "{1}".</source><translation>Es gibt schon ein Wort „{1}“.</translation></message>
<message><source>There is already a LoRA "{1}".</source><translation>Es gibt schon ein LoRA „{1}“.</translation></message>
<message><source>There is no picture or folder "{1}".</source><translation>Es gibt kein Bild und keinen Ordner „{1}“.</translation></message>
<message><source>Check the path.</source><translation>Prüfen Sie den Pfad.</translation></message>
<message><source>There is no room to teach a word: less than {1} MiB are free.</source><translation>Es ist kein Platz, um ein Wort beizubringen: Weniger als {1} MiB sind frei.</translation></message>
<message><source>Free some space first.</source><translation>Schaffen Sie zuerst Platz.</translation></message>
<message><source>There is no lesson of "{1}" to continue.</source><translation>Es gibt kein Training von „{1}“, das sich fortsetzen lässt.</translation></message>
<message><source>There are lessons of: {1}.</source><translation>Es gibt Trainings von: {1}.</translation></message>
<message><source>Begin one, with its pictures.</source><translation>Beginnen Sie eines, mit seinen Bildern.</translation></message>
<message><source>No word "{1}" was taught here.</source><translation>Ein Wort „{1}“ wurde hier nicht beigebracht.</translation></message>
<message><source>Remove embeddings of other programs by their files; taught ones say {1} in theirs.</source><translation>Entfernen Sie Embeddings anderer Programme über ihre Dateien; beigebrachte nennen {1} in ihren.</translation></message>
<message><source>There are {1} pictures to teach from.</source><translation>Es gibt {1} Bilder zum Beibringen.</translation></message>
<message><source>There are no pictures to teach from.</source><translation>Es gibt keine Bilder zum Beibringen.</translation></message>
<message><source>There is 1 picture to teach from.</source><translation>Es gibt nur 1 Bild zum Beibringen.</translation></message>
<message><source>Give {1} to {2} pictures of the same thing, each from another side or in another place.</source><translation>Geben Sie {1} bis {2} Bilder desselben Dings an, jedes von einer anderen Seite oder an einem anderen Ort.</translation></message>
<message><source>Leave it out. {1}</source><translation>Lassen Sie es weg. {1}</translation></message>
<message><source>The caption {1} cannot be read.</source><translation>Die Beschreibung {1} kann nicht gelesen werden.</translation></message>
<message><source>Save it as UTF-8 text.</source><translation>Speichern Sie sie als UTF-8-Text.</translation></message>
<message><source>Write one short sentence, such as "a {1} on a table".</source><translation>Schreiben Sie einen kurzen Satz, etwa „a {1} on a table“.</translation></message>
<message><source>The caption {1} is too long.</source><translation>Die Beschreibung {1} ist zu lang.</translation></message>
<message><source>The caption {1} does not have "{2}" in it.</source><translation>In der Beschreibung {1} steht „{2}“ nicht.</translation></message>
<message><source>No picture was made.</source><translation>Es entstand kein Bild.</translation></message>
<message><source>Choose a smaller batch or size, close other programs that use the device, or the device cpu.</source><translation>Wählen Sie weniger Bilder je Schritt oder eine kleinere Größe, schließen Sie andere Programme, die das Gerät nutzen, oder wählen Sie das Gerät cpu.</translation></message>
<message><source>This model cannot be taught.</source><translation>Diesem Modell lässt sich nichts beibringen.</translation></message>
<message><source>The model does not fit on the device as a whole, which teaching needs.</source><translation>Das Modell passt nicht als Ganzes auf das Gerät, was das Training braucht.</translation></message>
<message><source>Choose a smaller model, or the device cpu.</source><translation>Wählen Sie ein kleineres Modell oder das Gerät cpu.</translation></message>
<message><source>What was learnt is no longer finite (NaN or infinity).</source><translation>Das Gelernte ist nicht mehr endlich (NaN oder unendlich).</translation></message>
<message><source>Begin again with a lower learning rate.</source><translation>Beginnen Sie mit einer niedrigeren Lernrate von vorn.</translation></message>
<message><source>What was learnt so far of "{1}" was learnt in another way: {2}.</source><translation>Was bisher von „{1}“ gelernt wurde, wurde anders gelernt: {2}.</translation></message>
<message><source>Use the same settings, or begin again from its pictures.</source><translation>Nehmen Sie dieselben Einstellungen, oder beginnen Sie mit den Bildern von vorn.</translation></message>
<message><source>tokenizer.json is missing</source><translation>tokenizer.json fehlt</translation></message>
<message><source>preprocessor_config.json has no usable image_mean and image_std</source><translation>preprocessor_config.json hat keine brauchbaren image_mean und image_std</translation></message>
<message><source>it has vectors of {1} numbers, but none for the model's {2}</source><translation>es hat Vektoren aus {1} Zahlen, aber keine für das Modell: {2}</translation></message>
<message><source>its vectors have {1} numbers, where the model's {2} takes {3}</source><translation>seine Vektoren haben {1} Zahlen; beim Modell ({2}) sind es {3}</translation></message>
<message><source>it has more vectors for one of the text encoders than for the other</source><translation>es hat für einen der Textencoder mehr Vektoren als für den anderen</translation></message>
<message><source>The embedding "{1}" does not fit this model: {2}.</source><translation>Das Embedding „{1}“ passt nicht zu diesem Modell: {2}.</translation></message>
<message><source>Get the one that was made for this model's family, or take the word out of the prompt.</source><translation>Hol das, das für die Familie dieses Modells gemacht wurde, oder nimm das Wort aus dem Prompt.</translation></message>
<message><source>The file "{1}" is not an embedding: it holds {2}.</source><translation>Die Datei „{1}“ ist kein Embedding: sie enthält {2}.</translation></message>
<message><source>Choose one in .safetensors format, as A1111, ComfyUI or diffusers write it.</source><translation>Wähle eines im Format .safetensors, wie A1111, ComfyUI oder diffusers es schreiben.</translation></message>
<message><source>The embedding "{1}" is damaged: {2}.</source><translation>Das Embedding „{1}“ ist beschädigt: {2}.</translation></message>
<message><source>Get the file again, or take the word out of the prompt.</source><translation>Hol die Datei noch einmal, oder nimm das Wort aus dem Prompt.</translation></message>
<message><source>Occurrences are counted from 1, not {1}.</source><translation>Vorkommen werden ab 1 gezählt, nicht {1}.</translation></message>
<message><source>Write PHRASE#1 for the first one.</source><translation>Schreib AUSDRUCK#1 für das erste.</translation></message>
<message><source>A painted word should be at characters {1} to {2}, but the prompt has {3}.</source><translation>Ein bemaltes Wort soll an den Zeichen {1} bis {2} stehen, der Prompt hat aber {3}.</translation></message>
<message><source>Pick the word in the prompt again, or remove its paint.</source><translation>Wähle das Wort im Prompt noch einmal, oder entferne seine Bemalung.</translation></message>
<message><source>A painted word at characters {1} to {2} is only white space.</source><translation>Ein bemaltes Wort an den Zeichen {1} bis {2} besteht nur aus Leerraum.</translation></message>
<message><source>Pick a word in the prompt, or remove this paint.</source><translation>Wähle ein Wort im Prompt, oder entferne diese Bemalung.</translation></message>
<message><source>This model's tokenizer cannot say which characters each token comes from.</source><translation>Der Tokenizer dieses Modells kann nicht sagen, von welchen Zeichen jedes Token kommt.</translation></message>
<message><source>Choose a model whose tokenizer folder has vocab.json and merges.txt, or tokenizer.json.</source><translation>Wähle ein Modell, in dessen Tokenizer-Ordner vocab.json und merges.txt liegen, oder tokenizer.json.</translation></message>
<message><source>The model cannot read "{1}": its tokenizer drops these characters.</source><translation>Das Modell kann „{1}“ nicht lesen: sein Tokenizer lässt diese Zeichen weg.</translation></message>
<message><source>Use other words for it in the prompt.</source><translation>Nimm im Prompt andere Wörter dafür.</translation></message>
<message><source>A painted word has no text.</source><translation>Ein bemaltes Wort hat keinen Text.</translation></message>
<message><source>"{1}" is not in the prompt.</source><translation>„{1}“ steht nicht im Prompt.</translation></message>
<message><source>"{1}" is in the prompt {2}, so there is no occurrence {3}.</source><translation>„{1}“ steht {2} im Prompt, ein Vorkommen {3} gibt es also nicht.</translation></message>
<message><source>Count from the left, from 1 to {1}.</source><translation>Zähle von links, von 1 bis {1}.</translation></message>
<message><source>Write it into the prompt first, or paint a word that is in it.</source><translation>Schreib es erst in den Prompt, oder male ein Wort, das darin steht.</translation></message>
<message><source>There is no text encoder named "{1}".</source><translation>Es gibt keinen Textencoder namens „{1}“.</translation></message>
<message><source>Choose from: {1}.</source><translation>Wähle von: {1}.</translation></message>
<message><source>The weight of the encoder {1} is {2}.</source><translation>Das Gewicht des Encoders {1} ist {2}.</translation></message>
<message><source>Give a number from 0 to 1.</source><translation>Nimm eine Zahl von 0 bis 1.</translation></message>
<message><source>The model "{1}" has no text encoder "{2}".</source><translation>Das Modell „{1}“ hat keinen Textencoder „{2}“.</translation></message>
<message><source>It has: {1}. Choose those, or another model.</source><translation>Es hat: {1}. Wähle diese, oder ein anderes Modell.</translation></message>
<message><source>All text encoders are off.</source><translation>Alle Textencoder sind aus.</translation></message>
<message><source>Switch one on: {1}.</source><translation>Schalte einen ein: {1}.</translation></message>
<message><source>The model "{1}" cannot use style pictures: it has no image encoder.</source><translation>Das Modell „{1}“ kann keine Stilbilder verwenden: es hat keinen Bildencoder.</translation></message>
<message><source>Remove the style, or choose a model with an image encoder, such as the starter.</source><translation>Entferne den Stil, oder wähle ein Modell mit einem Bildencoder, etwa den Starter.</translation></message>
<message><source>The prompt is empty.</source><translation>Der Prompt ist leer.</translation></message>
<message><source>Write what the picture should show.</source><translation>Schreib, was das Bild zeigen soll.</translation></message>
<message><source>The seed of the last picture would be above {1}.</source><translation>Der Seed des letzten Bildes läge über {1}.</translation></message>
<message><source>Give a seed of at most {1}, or ask for fewer pictures.</source><translation>Nimm einen Seed von höchstens {1}, oder weniger Bilder.</translation></message>
<message><source>There is no device named "{1}".</source><translation>Es gibt kein Gerät namens „{1}“.</translation></message>
<message><source>The model cannot make a picture of {1}x{2}.</source><translation>Das Modell kann kein Bild von {1}x{2} machen.</translation></message>
<message><source>Width and height must be multiples of {1} for this model; the nearest is {2}x{3}.</source><translation>Breite und Höhe müssen für dieses Modell Vielfache von {1} sein; am nächsten liegt {2}x{3}.</translation></message>
<message><source>The model "{1}" changes pictures by an instruction, and there is no picture.</source><translation>Das Modell „{1}“ ändert Bilder nach einer Anweisung, und es gibt kein Bild.</translation></message>
<message><source>Give it a picture to change, or choose another model.</source><translation>Gib ihm ein Bild, das es ändern soll, oder wähle ein anderes Modell.</translation></message>
<message><source>The model "{1}" cannot follow instructions.</source><translation>Das Modell „{1}“ kann keine Anweisungen befolgen.</translation></message>
<message><source>Choose an InstructPix2Pix model, or edit words of the prompt instead.</source><translation>Wähle ein InstructPix2Pix-Modell, oder bearbeite stattdessen Wörter des Prompts.</translation></message>
<message><source>The model "{1}" follows instructions by an expert of its own, so no others can be chosen.</source><translation>Das Modell „{1}“ befolgt Anweisungen mit einem eigenen Experten, daher können keine anderen gewählt werden.</translation></message>
<message><source>Leave the experts to the model.</source><translation>Überlass dem Modell die Experten.</translation></message>
<message><source>The model's {1} comes as a pickle ({2}), which could run any code, so it is not opened.</source><translation>Ein Teil des Modells ({1}) kommt als Pickle ({2}), das beliebigen Code ausführen könnte, und wird deshalb nicht geöffnet.</translation></message>
<message><source>Get the model as .safetensors; most model pages offer both.</source><translation>Hol das Modell als .safetensors; die meisten Modellseiten bieten beides.</translation></message>
<message><source>{1} is damaged</source><translation>{1} ist beschädigt</translation></message>
<message><source>in {1} the value of "{2}" is out of range</source><translation>in {1} liegt der Wert von „{2}“ jenseits jedes Netzes</translation></message>
<message><source>{1}.safetensors is missing</source><translation>{1}.safetensors fehlt</translation></message>
<message><source>{1} is not a complete GGUF file</source><translation>{1} ist keine vollständige GGUF-Datei</translation></message>
<message><source>The weights of "{1}" are packed in a way that Wordbrush does not read.</source><translation>Die Gewichte von „{1}“ sind auf eine Art gepackt, die Wordbrush nicht liest.</translation></message>
<message><source>Get the model as GGUF of another kind (Q8_0, Q5_K_M, Q4_K_M), or in fp16, bf16 or fp8.</source><translation>Hol das Modell als GGUF einer anderen Art (Q8_0, Q5_K_M, Q4_K_M), oder in fp16, bf16 oder fp8.</translation></message>
<message><source>The weights file changed while it was being read.</source><translation>Die Datei mit den Gewichten hat sich beim Lesen geändert.</translation></message>
<message><source>Get the model again, or copy the missing files into its folder.</source><translation>Hol das Modell noch einmal, oder kopiere die fehlenden Dateien in seinen Ordner.</translation></message>
<message><source>{1} is not a complete safetensors file</source><translation>{1} ist keine vollständige safetensors-Datei</translation></message>
<message><source>{1} has {2} bytes instead of {3}, so it is cut short or damaged</source><translation>{1} hat {2} Bytes statt {3}, ist also abgeschnitten oder beschädigt</translation></message>
<message><source>The device "{1}" is not available on this machine.</source><translation>Das Gerät „{1}“ gibt es auf dieser Maschine nicht.</translation></message>
<message><source>Choose auto, or one of: {1}.</source><translation>Wähle auto, oder eines von: {1}.</translation></message>
<message><source>Choose {1}, close other programs that use the device, or choose the device cpu.</source><translation>Wähle {1}, schließe andere Programme, die das Gerät verwenden, oder wähle als Gerät cpu.</translation></message>
<message><source>its weights and config do not load</source><translation>seine Gewichte und seine Konfiguration lassen sich nicht laden</translation></message>
<message><source>{1} of its tensors are missing or misshapen</source><translation>{1} seiner Tensoren fehlen oder haben die falsche Form</translation></message>
<message><source>One denoiser stays in memory.</source><translation>Ein Denoiser bleibt im Speicher.</translation></message>
<message><source>All {1} stay in memory; the device does not say how much is free.</source><translation>Alle {1} bleiben im Speicher; das Gerät sagt nicht, wie viel frei ist.</translation></message>
<message><source>All {1} stay in memory: {2} of {3} that are free.</source><translation>Alle {1} bleiben im Speicher: {2} von {3}, die frei sind.</translation></message>
<message><source>Its weights file is damaged or was saved after a failed training: get the model again, or choose another.</source><translation>Die Datei mit seinen Gewichten ist beschädigt oder nach einem misslungenen Training gespeichert: hol das Modell noch einmal, oder wähle ein anderes.</translation></message>
<message><source>decoding the picture</source><translation>für das Dekodieren des Bildes</translation></message>
<message><source>The device has too little free memory for {1}.</source><translation>Das Gerät hat zu wenig freien Speicher: {1}.</translation></message>
<message><source>The weights of "{1}" are incomplete: a scale of its 8-bit weights is missing.</source><translation>Die Gewichte von „{1}“ sind unvollständig: ein Maßstab seiner 8-Bit-Gewichte fehlt.</translation></message>
<message><source>Get the file again, or the model in fp16 or bf16.</source><translation>Hol die Datei noch einmal, oder das Modell in fp16 oder bf16.</translation></message>
<message><source>Get the model in fp16, bf16, fp8 or GGUF.</source><translation>Hol das Modell in fp16, bf16, fp8 oder GGUF.</translation></message>
<message><source>You asked for {1} memory.</source><translation>Du hast sparsamen Umgang mit dem Speicher verlangt ({1}).</translation></message>
<message><source>{1} cannot be {2}.</source><translation>{1} kann nicht {2} sein.</translation></message>
<message><source>One of its texts holds half a character.</source><translation>Einer seiner Texte enthält ein halbes Zeichen.</translation></message>
<message><source>Write it again.</source><translation>Schreib ihn noch einmal.</translation></message>
<message><source>Give {1} from {2} to {3}.</source><translation>Gib {1} von {2} bis {3} an.</translation></message>
<message><source>Give text of at most {1} characters.</source><translation>Nimm Text von höchstens {1} Buchstaben.</translation></message>
<message><source>Give another value.</source><translation>Nimm einen anderen Wert.</translation></message>
<message><source>Let each expert begin where the next one ends, from 0 up to infinity.</source><translation>Lass jeden Experten dort beginnen, wo der nächste endet, von 0 bis unendlich.</translation></message>
<message><source>The mood</source><translation>Die Stimmung</translation></message>
<message><source>Choose a mood from the list.</source><translation>Wähle eine Stimmung aus der Liste.</translation></message>
<message><source>The strength of the mood</source><translation>Die Stärke der Stimmung</translation></message>
<message><source>CLIP guidance</source><translation>CLIP-Führung</translation></message>
<message><source>{1} does not exist.</source><translation>{1} gibt es nicht.</translation></message>
<message><source>Check the path, or choose another picture.</source><translation>Prüfe den Pfad, oder wähle ein anderes Bild.</translation></message>
<message><source>Check that you may read it, or choose another picture.</source><translation>Prüfe, ob du es lesen darfst, oder wähle ein anderes Bild.</translation></message>
<message><source>Choose a {1} picture.</source><translation>Wähle ein Bild als {1}.</translation></message>
<message><source>{1} is larger than {2} MiB.</source><translation>{1} ist größer als {2} MiB.</translation></message>
<message><source>Scale it down, or save it as a JPEG or WebP first.</source><translation>Verkleinere es, oder speichere es erst als JPEG oder WebP.</translation></message>
<message><source>{1} is not a picture that Wordbrush reads.</source><translation>{1} ist kein Bild, das Wordbrush liest.</translation></message>
<message><source>Save it as {1}.</source><translation>Speichere es als {1}.</translation></message>
<message><source>{1} has too many pixels{2}.</source><translation>{1} hat zu viele Pixel{2}.</translation></message>
<message><source>Scale it down first.</source><translation>Verkleinere es erst.</translation></message>
<message><source>{1} is damaged.</source><translation>{1} ist beschädigt.</translation></message>
<message><source>Save it again as a PNG, or open another copy of the file.</source><translation>Speichere es noch einmal als PNG, oder öffne eine andere Kopie der Datei.</translation></message>
<message><source>The containment</source><translation>Das Fernhalten</translation></message>
<message><source>The separation</source><translation>Die Trennung</translation></message>
<message><source>The number of gradient steps</source><translation>Die Zahl der Gradientenschritte</translation></message>
<message><source>The name</source><translation>Der Name</translation></message>
<message><source>Use printable characters.</source><translation>Nimm druckbare Buchstaben.</translation></message>
<message><source>The part</source><translation>Der Teil</translation></message>
<message><source>The guidance</source><translation>Die Prompttreue</translation></message>
<message><source>The word of a LoRA</source><translation>Das Wort einer LoRA</translation></message>
<message><source>The seed</source><translation>Der Seed</translation></message>
<message><source>The number of pictures</source><translation>Die Zahl der Bilder</translation></message>
<message><source>The number of steps</source><translation>Die Zahl der Schritte</translation></message>
<message><source>The sampler</source><translation>Der Sampler</translation></message>
<message><source>The law</source><translation>Das Gesetz</translation></message>
<message><source>The paint weight</source><translation>Das Malgewicht</translation></message>
<message><source>The fidelity</source><translation>Die Maltreue</translation></message>
<message><source>Give a number from 0, loose, to 1, exact, or its parts.</source><translation>Gib eine Zahl von 0, lose, bis 1, genau, an, oder ihre Teile.</translation></message>
<message><source>The weights of the text encoders</source><translation>Die Gewichte der Textencoder</translation></message>
<message><source>Give each of clip and t5 a number from 0 to 1.</source><translation>Gib clip und t5 je eine Zahl von 0 bis 1.</translation></message>
<message><source>Keeping attributes together</source><translation>Eigenschaften beisammen halten</translation></message>
<message><source>It is on or off.</source><translation>Es ist an oder aus.</translation></message>
<message><source>Placing and shaping things</source><translation>Das Platzieren und Formen der Dinge</translation></message>
<message><source>Pick a model from the list.</source><translation>Wähle ein Modell aus der Liste.</translation></message>
<message><source>The device</source><translation>Das Gerät</translation></message>
<message><source>Choose auto, cpu, cuda, cuda:N (N from 0) or mps.</source><translation>Wähle auto, cpu, cuda, cuda:N (N ab 0) oder mps.</translation></message>
<message><source>The memory</source><translation>Der Speicher</translation></message>
<message><source>Compiling</source><translation>Das Kompilieren</translation></message>
<message><source>The experts</source><translation>Die Experten</translation></message>
<message><source>Reset the timeline.</source><translation>Setze die Zeitleiste zurück.</translation></message>
<message><source>There is no {1} named "{2}".</source><translation>{1} namens „{2}“ gibt es nicht.</translation></message>
<message><source>The text encoder "{1}" has two weights.</source><translation>Der Textencoder „{1}“ hat zwei Gewichte.</translation></message>
<message><source>Give it one, from 0 to 1.</source><translation>Gib ihm eines, von 0 bis 1.</translation></message>
</context>
</TS>
