"""Stop words by language: function words that carry no topic. Short lists, written for this project.

Forms with an apostrophe are stopped as they stand; what an apostrophe cuts off (French qu', Italian dell') is listed too.
"""

from __future__ import annotations

_LISTS = {
    "english": """
        a an the this that these those and or but nor if then else than so as at by for from in into of off on onto out
        over to under up upon with without within about above after again against before below between down during
        through until while i me my mine myself we us our ours ourselves you your yours yourself yourselves he him his
        himself she her hers herself it its itself they them their theirs themselves what which who whom whose when
        where why how am is are was were be been being have has had having do does did doing can could may might must
        shall should will would not no only own same such too very just also both each few more most other some any all
        here there once because further e.g i.e aren't can't couldn't didn't doesn't don't hadn't hasn't haven't isn't
        mustn't shan't shouldn't wasn't weren't won't wouldn't i'm i've i'd i'll you're you've you'd you'll he's he'd
        he'll she's she'd she'll it's it'd it'll we're we've we'd we'll they're they've they'd they'll that's there's
        here's what's where's who's how's let's""",
    "german": """
        der die das den dem des ein eine einen einem einer eines und oder aber doch denn dass daß weil wenn als ob wie
        so auch nur noch schon sehr mehr nicht kein keine keinen keinem keiner ich du er sie es wir ihr mich dich sich
        uns euch mir dir ihm ihn ihnen mein meine meinen meinem meiner dein deine sein seine seinen seinem seiner ihre
        ihren ihrem ihrer unser unsere euer dieser diese dieses diesen diesem jener jene jenes jeder jede jedes alle
        allem allen aller alles was wer wen wem wessen wo wann warum welche welcher welches welchen welchem da dort hier
        in im ins an am ans auf aus bei beim bis durch für gegen hinter mit nach neben ohne seit über um unter von vom
        vor zu zum zur zwischen bin bist ist sind seid war waren wäre sei haben habe hat hatte hatten werden werde wird
        wurde wurden worden kann können konnte muss müssen soll sollen sollte will wollen würde würden man dann damit
        dazu also zwar indem während""",
    "french": """
        le la les l un une des du de d au aux et ou mais donc or ni car que qu qui quoi dont où si ne pas plus très
        aussi comme je j tu il elle on nous vous ils elles me m te t se s lui leur leurs y en mon ma mes ton ta tes son
        sa ses notre nos votre vos ce c cet cette ces cela ceci ça à dans par pour sur sous avec sans entre vers chez
        contre depuis pendant avant après être suis es est sommes êtes sont était étaient été étant fut sera serait soit
        avoir ai as a avons avez ont avait avaient eu ayant aura aurait quel quelle quels quelles quand comment pourquoi
        lequel laquelle lesquels lesquelles tout tous toute toutes même mêmes autre autres lorsque lorsqu puisque puisqu
        jusqu quelqu""",
    "spanish": """
        el la los las lo un una unos unas de del al a y e o u pero sino ni que qué quien quién quienes cual cuál cuales
        cuáles cuyo cuya como cómo cuando cuándo donde dónde cuanto cuánto por para con sin sobre bajo entre desde hasta
        hacia contra durante ante tras en si sí no más muy ya también tampoco sólo solo yo tú él ella ello nosotros
        vosotros ellos ellas usted ustedes me te se nos os le les mi mis tu tus su sus nuestro nuestra nuestros nuestras
        este esta esto estos estas ese esa eso esos esas aquel aquella aquello aquellos aquellas ser es soy eres somos
        son era eran fue fueron sido siendo sea será sería estar está están estaba estaban haber ha he han había habían
        hay hubo porque pues aunque mientras todo toda todos todas otro otra otros otras mismo misma""",
    "italian": """
        il lo la i gli le l un uno una di del dello della dei degli delle dell a al allo alla ai agli alle all da dal
        dallo dalla dai dagli dalle dall in nel nello nella nei negli nelle nell su sul sullo sulla sui sugli sulle sull
        con col per tra fra e ed o od ma se che chi cui come quando dove quale quali quanto quanta quanti quante perché
        non più molto anche solo già io tu lui lei noi voi loro egli essa essi esse mi ti si ci vi ne li mio mia miei
        mie tuo tua tuoi tue suo sua suoi sue nostro nostra nostri nostre vostro vostra questo questa questi queste
        quest quello quella quelli quelle quell c è e' sono sei siamo siete era erano essere stato stata stati state fu
        furono sarà sarebbe ho hai ha abbiamo avete hanno aveva avevano avere avuto cosa tutto tutta tutti tutte altro
        altra altri altre stesso stessa mentre poi dopo prima senza contro durante""",
    "portuguese": """
        o a os as um uma uns umas de do da dos das em no na nos nas num numa por pelo pela pelos pelas para com sem sob
        sobre entre até desde contra durante após ante e ou mas nem que quê quem qual quais cujo cuja como quando onde
        quanto se não mais muito já também só eu tu ele ela nós vós eles elas você vocês me te lhe lhes lo la los las
        meu minha meus minhas teu tua seu sua seus suas nosso nossa nossos nossas este esta estes estas isto esse essa
        esses essas isso aquele aquela aqueles aquelas aquilo ao aos à às ser é sou és somos são era eram foi foram sido
        sendo seja será seria estar está estão estava estavam ter tem têm tinha tinham haver há havia porque pois embora
        enquanto todo toda todos todas outro outra outros outras mesmo mesma""",
    "dutch": """
        de het een en of maar want dus dat die dit deze daar hier er in op aan uit van voor met zonder bij naar tot te
        ten ter om over onder tussen door tegen na sinds tijdens boven binnen buiten als dan toen omdat indien terwijl
        hoewel niet geen wel ook nog al zeer meer heel ik jij je u hij zij ze wij we jullie hen hun hem haar mij me ons
        onze mijn jouw uw zijn wie wat waar wanneer waarom hoe welk welke is ben bent was waren wees geweest worden word
        wordt werd werden geworden hebben heb heeft had hadden gehad kan kunnen kon konden moet moeten zal zullen zou
        zouden wil mag alle alles ander andere anders elk elke ieder iedere zelf zich zo""",
}

STOP_WORDS: dict[str, frozenset[str]] = {
    language: frozenset(word.casefold() for word in words.split()) for language, words in _LISTS.items()
}
