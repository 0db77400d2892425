"""Invented names in numbers: first names, and last names put together of a beginning and an ending."""

from __future__ import annotations


def _words(text: str) -> tuple[str, ...]:
    return tuple(text.split())


FIRST_NAMES = _words(
    """
    Abel Ada Agnes Alba Alden Alma Ambrose Anders Anouk Ansel Arlo Asa Aster Astrid Auden Avis Barnaby Beatrix
    Bea Bettina Birdie Bram Bryony Calla Callum Caspian Cato Cecily Clement Clover Cora Corin Cosmo Cressida
    Cyrus Dahlia Dora Dov Edda Edith Edmund Eliza Elspeth Emeric Enid Esme Ezra Faye Felix Fergus Fern Finn
    Flora Frances Gideon Greta Gus Hana Hattie Hazel Hester Hollis Horace Hugo Ida Idris Ines Ione Iris Isolde
    Ivo Ivy Jasper Jory Juniper Juno Kit Lark Lavinia Leopold Lettie Linnea Lionel Lottie Luz Mabel Maeve Magnus
    Marisol Marta Mina Minerva Mordecai Nadia Ned Nell Nico Noemi Odalys Odile Opal Oren Orla Oscar Osric Otis
    Ottilie Otto Percy Petra Phoebe Piers Pip Pru Quentin Ravi Rory Rosalind Rufus Saskia Silas Simone Solveig
    Sunniva Sybil Tad Tam Tansy Tess Thea Tilly Tobias Ulric Uma Viola Wilfred Winifred Wren Xenia Yara Zuri
    """
)
LAST_BEGINNINGS = _words(
    """
    Alder Amber Apple Arrow Ash Barley Beck Bell Birch Bramble Briar Bright Brook Butter Cinder Clover Cobble
    Copper Crane Dove Drift Elder Fair Fal Feather Fern Fiddle Fox Frost Gander Gold Goose Green Hart Hawk Hazel
    Heather Heron Hollow Holly Honey Ivy Juniper Kestrel Kettle Lantern Larch Lark Linden Maple Marsh Meadow
    Merri Mill Moss Nettle Night Oak Otter Pebble Penny Pepper Pine Plum Quill Raven Reed River Rook Rose Rowan
    Rush Sable Salt Sedge Silver Snow Sparrow Starling Stone Swallow Tansy Thistle Thorn Tide Timber Vale Violet
    Wander Water Whistle Wicker Willow Winter Wren Yarrow
    """
)
LAST_ENDINGS = _words(
    """
    bank beck bloom borne bourne bridge brook burn by cliff combe cote court croft dale den down feld fell field
    finch ford gate grove ham hart haven hill holm hurst kin land leigh ley lock low man mere more moor mount
    pool quist ridge row shaw side smith stead stone stow thorpe ton vale wade water well wick wood worth yard
    """
)
STREETS = (
    "Heron Lane", "Old Mill Road", "Copper Street", "Orchard Way", "Lantern Court", "Quarry Road", "Willow Bend",
    "Harbor Avenue", "Juniper Place", "Meadow Drive", "Station Street", "Birch Hill", "Ferry Road", "Candle Street",
)  # fmt: skip
AREA_CODES = ("312", "773", "847", "630", "708", "224", "331", "815", "219", "262")
