"""Invented German street names in the manner of the Ruhr area."""

from __future__ import annotations


def _words(text: str, between: str | None = None) -> tuple[str, ...]:
    """Return the words of a text; as list literals these would be pages long."""
    return tuple(text.split(between))


_FIRST = _words(
    "Ahorn Akazien Amsel Apfel Berg Birken Bruch Brunnen Buchen Dachs Dahlien Distel Drossel "
    "Eichen Elster Erlen Eschen Eulen Falken Farn Fasanen Feld Fichten Finken Flieder Flöz Fuchs "
    "Garten Gersten Ginster Habicht Hafer Hagebutten Halden Hasel Hasen Heide Hirsch Holunder "
    "Hütten Igel Iris Kastanien Kiebitz Kiefern Kirsch Klee Kohlen Korn Kranich Lärchen Lerchen "
    "Lilien Linden Malven Meisen Mohn Moor Mühlen Nachtigallen Nelken Nuss Pappel Pirol Quellen "
    "Reh Reiher Roggen Rosen Rotdorn Salbei Schacht Schlehen Schmiede Schwalben Sperber Stollen "
    "Tannen Teich Tulpen Ulmen Veilchen Wacholder Wald Weiden Weizen Wiesel Wiesen Zechen Zeisig "
    "Ziegel"
)
_ENDING = ("straße", "weg", "ring", "stieg", "pfad", "gasse")
_LAND = _words("bach brink busch grund hang hof horst kamp rain siepen stück winkel")
_PEOPLE = _words(
    "Bach Beethoven Brahms Diesel Dürer Droste Eichendorff Einstein Fontane Freiligrath Gauß "
    "Goethe Grimm Gutenberg Händel Haydn Heine Herder Hölderlin Humboldt Kant Kepler Kleist "
    "Kopernikus Lessing Liebig Liszt Luther Mendel Mörike Mozart Novalis Ohm Planck Raabe Rilke "
    "Röntgen Schiller Schubert Schumann Siemens Stifter Storm Telemann Uhland Virchow Wagner "
    "Weber Wieland Zuckmayer"
)
_TOWNS = _words(
    "Aachener Ahlener Altenaer Arnsberger Bielefelder Bocholter Bottroper Castroper Coesfelder "
    "Datteler Detmolder Dorstener Dortmunder Duisburger Essener Gladbecker Gütersloher Hagener "
    "Halterner Hammer Hattinger Herdecker Herner Herter Iserlohner Kölner Krefelder Lünener "
    "Mindener Moerser Mülheimer Münsteraner Neusser Oberhausener Paderborner Recklinghauser "
    "Remscheider Schwelmer Schwerter Siegener Soester Solinger Sprockhöveler Unnaer Velberter "
    "Warendorfer Weseler Wetteraner Wittener Wuppertaler Xantener"
)
_AT_THE = _words(
    "Am Alten Markt|Am Anger|Am Bahndamm|Am Bergbaumuseum|Am Brunnen|Am Dorfteich|Am Fördergerüst|"
    "Am Friedhof|Am Hang|Am Kirchhof|Am Knapp|Am Kottenbruch|Am Krähennest|Am Malakowturm|"
    "Am Park|Am Pfarrhaus|Am Sportplatz|Am Steinbruch|Am Wasserturm|An den Gärten|"
    "An den Klärwiesen|"
    "An der Aue|An der Furt|An der Halde|An der Kirche|An der Landwehr|An der Mergelkuhle|"
    "An der Mühle|An der Schanze|An der Schule|An der Zeche|Auf dem Anger|Auf dem Backenberg|"
    "Auf dem Dahlacker|Auf dem Rücken|Auf den Holln|Auf der Bredde|Auf der Egge|Auf der Heide|"
    "Auf der Höhe|Hinter den Höfen|Im Alten Dorf|Im Bruch|Im Ehrenfeld|Im Esch|Im Grund|Im Hagen|"
    "Im Lottental|Im Sundern|Im Westenfeld|In den Birken|In der Delle|"
    "In der Hei|In der Uhlenflucht|"
    "Unterm Kolm|Vor der Höhe|Zum Alten Schacht|Zum Ruhrblick|Zur Alten Lampenstube",
    "|",
)

_ROADS = (
    "{} Straße",
    "{} Allee",
    "Alte {} Straße",
    "{} Hellweg",
    "{} Landstraße",
    "Neue {} Straße",
)


def local_names() -> tuple[str, ...]:
    """Return about 4,500 distinct names of small streets in a fixed order."""
    names = [
        *_AT_THE,
        *(f"{first}{ending}" for first in _FIRST for ending in _ENDING),
        *(f"{person}{ending}" for person in _PEOPLE for ending in ("straße", "weg", "platz")),
        *(f"{town} {kind}" for town in _TOWNS for kind in ("Straße", "Weg")),
        *(f"{first}{land}" for first in _FIRST for land in _LAND),
        *(f"{first}{land}weg" for first in _FIRST for land in _LAND),
        *(f"Am {first}{land}" for first in _FIRST for land in ("busch", "hang", "hof", "kamp")),
    ]
    return tuple(dict.fromkeys(names))


def of_place(place: str) -> str:
    """Return the form of a place in a street name: Gerthe -> Gerther, Linden -> Lindener."""
    if place.endswith("hausen"):
        return place.removesuffix("en") + "er"
    return place + ("r" if place.endswith("e") else "er")


def road_name(place: str, turn: int) -> str:
    """Return the name of the `turn`-th main road that leads to a place."""
    return _ROADS[turn % len(_ROADS)].format(of_place(place))
