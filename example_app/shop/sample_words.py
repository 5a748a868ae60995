"""The words that the sample data is put together from."""

COUNTRIES = {
    "AT": ("Austria", True),
    "BE": ("Belgium", True),
    "CH": ("Switzerland", False),
    "DE": ("Germany", True),
    "DK": ("Denmark", True),
    "ES": ("Spain", True),
    "FR": ("France", True),
    "GB": ("United Kingdom", False),
    "IE": ("Ireland", True),
    "IT": ("Italy", True),
    "NL": ("Netherlands", True),
    "NO": ("Norway", False),
    "PL": ("Poland", True),
    "PT": ("Portugal", True),
    "SE": ("Sweden", True),
}
"""Name, and whether in the European Union, by ISO 3166 code."""

STORES = {
    "VIE": ("Corner Mitte", "Vienna", "AT"),
    "BER": ("Corner Kollwitz", "Berlin", "DE"),
    "GNT": ("Corner Korenmarkt", "Ghent", "BE"),
    "LIS": ("Corner Alfama", "Lisbon", "PT"),
    "CPH": ("Corner Nørrebro", "Copenhagen", "DK"),
}
"""Name, city and country by code."""

CATEGORIES = {
    "Kitchen": {
        "Cookware": {"Pans": "Frying Pan|Sauté Pan|Skillet|Wok", "Pots": "Stock Pot|Saucepan|Casserole|Steamer"},
        "Tableware": {"Cups": "Mug|Teacup|Tumbler|Carafe", "Plates": "Dinner Plate|Soup Bowl|Platter|Egg Cup"},
    },
    "Home": {
        "Lighting": {"Lamps": "Desk Lamp|Floor Lamp|Lantern|Candlestick"},
        "Textiles": {"Blankets": "Throw|Quilt|Bedspread|Cushion", "Towels": "Bath Towel|Tea Towel|Bath Mat|Apron"},
        "Storage": {"Boxes": "Crate|Chest|Basket|Tin", "Shelves": "Bookshelf|Wall Shelf|Coat Rack|Stool"},
    },
    "Garden": {
        "Tools": {"Hand Tools": "Trowel|Dibber|Secateurs|Hand Fork", "Long Tools": "Spade|Rake|Hoe|Scythe"},
        "Planting": {"Planters": "Window Box|Flower Pot|Trough|Watering Can"},
    },
    "Office": {
        "Paper": {"Notebooks": "Notebook|Sketchbook|Diary|Ledger"},
        "Desk": {"Writing": "Fountain Pen|Pencil Case|Letter Opener|Inkwell"},
    },
}
"""The tree of categories: department, section, shelf, and on each shelf the kinds of product."""

STYLES = ("Classic", "Everyday", "Heritage", "Little", "Studio", "Workshop")
TAGS = {
    "handmade": "#a03d1f",
    "recycled": "#2f7d4f",
    "local": "#8a6d1b",
    "vegan": "#3f7f3f",
    "gift idea": "#8d3c76",
    "for children": "#2f6690",
    "limited edition": "#5b4b8a",
    "last pieces": "#b3261e",
    "bestseller": "#1f5f5b",
}
"""Colour by tag."""

FIRST_NAMES = (
    "Ada Agnès Alan Anneliese António Barbara Bjørn Carla Chiara Clément Dorothea Edsger Elif Emre Femke Giulia "
    "Grace Hannah Hedy Ines Ingrid Jürgen Jonas Katarzyna Kenji Lars Leonor Linh Łucja Maeve Margaret Mehmet Niamh "
    "Noor Olga Pablo Radia Rósza Sibylle Søren Tim Ursula Wiebke Yara Zoë"
)
LAST_NAMES = (
    "Almeida Andersen Baker Bauer Byrne Carvalho Costa Čapek De-Smet Dupont Eriksen Fischer Fontana Gruber Hansen "
    "Huber Ibáñez Jansen Kowalski Köhler Kelly Larsen Lefèvre Lindqvist Lovelace Martens Moreau Müller Nguyễn Novák "
    "O'Brien Olsen Østergaard Pereira Peeters Rossi Schäfer Silva Steiner Sørensen Tanaka Turner Vermeulen Wagner "
    "Şahin Ziółko"
)
CITIES = (
    "Aarhus Amsterdam Barcelona Bergen Bordeaux Bristol Cork Dublin Dresden Florence Graz Hamburg Innsbruck Kraków "
    "Leuven Lyon Malmö Nantes Oxford Porto Rotterdam Salzburg Seville Turin Utrecht Warsaw York Zürich"
)
ORDER_NOTES = (
    "Please ring twice.",
    "Leave it with the neighbours, 2nd floor.",
    "A present: no invoice in the parcel, please.",
    "Call before delivery.",
    "Second try; the first parcel came back.",
)
