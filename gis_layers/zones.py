"""Which VN-2000 zone the maps of a province are drawn in.

The central meridian of the three-degree zone of each of the 63 provinces until 30 June 2025 is fixed by Circular
973/2001/TT-TCĐC and repeated in Circular 25/2014/TT-BTNMT. A province of July 2025 was made of one to three of them
(Resolution 202/2025/QH15), and its files are in the zones of its parts for years to come: all are offered, that of
the part which gave its name first.
"""

from gis_layers.crs import KNOWN, Crs
from gis_layers.names import folded

# Meridian: codes (GSO) and names of the provinces before July 2025.
MERIDIANS = {
    103.0: "11 Điện Biên, 12 Lai Châu",
    104.0: "14 Sơn La",
    104.5: "91 Kiên Giang, 96 Cà Mau",
    104.75: "10 Lào Cai, 15 Yên Bái, 25 Phú Thọ, 40 Nghệ An, 89 An Giang",
    105.0: (
        "01 Hà Nội, 26 Vĩnh Phúc, 35 Hà Nam, 37 Ninh Bình, 38 Thanh Hóa, 87 Đồng Tháp, 92 Cần Thơ, 93 Hậu Giang, "
        "95 Bạc Liêu"
    ),
    105.5: (
        "02 Hà Giang, 27 Bắc Ninh, 30 Hải Dương, 33 Hưng Yên, 34 Thái Bình, 36 Nam Định, 42 Hà Tĩnh, 72 Tây Ninh, "
        "84 Trà Vinh, 86 Vĩnh Long, 94 Sóc Trăng"
    ),
    105.75: "04 Cao Bằng, 31 Hải Phòng, 74 Bình Dương, 79 Hồ Chí Minh, 80 Long An, 82 Tiền Giang, 83 Bến Tre",
    106.0: "08 Tuyên Quang, 17 Hòa Bình, 44 Quảng Bình",
    106.25: "45 Quảng Trị, 70 Bình Phước",
    106.5: "06 Bắc Kạn, 19 Thái Nguyên",
    107.0: "24 Bắc Giang, 46 Huế",
    107.25: "20 Lạng Sơn",
    107.5: "62 Kon Tum",
    107.75: "22 Quảng Ninh, 48 Đà Nẵng, 49 Quảng Nam, 68 Lâm Đồng, 75 Đồng Nai, 77 Bà Rịa - Vũng Tàu",
    108.0: "51 Quảng Ngãi",
    108.25: "52 Bình Định, 56 Khánh Hòa, 58 Ninh Thuận",
    108.5: "54 Phú Yên, 60 Bình Thuận, 64 Gia Lai, 66 Đắk Lắk, 67 Đắk Nông",
}
# Provinces of July 2025 that were made of several: code, name, codes of the parts, the one of that name first.
MADE_IN_2025 = {
    "08": ("Tuyên Quang", "08 02"),
    "15": ("Lào Cai", "10 15"),
    "19": ("Thái Nguyên", "19 06"),
    "24": ("Bắc Ninh", "27 24"),
    "25": ("Phú Thọ", "25 26 17"),
    "31": ("Hải Phòng", "31 30"),
    "33": ("Hưng Yên", "33 34"),
    "37": ("Ninh Bình", "37 35 36"),
    "44": ("Quảng Trị", "45 44"),
    "48": ("Đà Nẵng", "48 49"),
    "51": ("Quảng Ngãi", "51 62"),
    "52": ("Gia Lai", "64 52"),
    "56": ("Khánh Hòa", "56 58"),
    "66": ("Đắk Lắk", "66 54"),
    "68": ("Lâm Đồng", "68 60 67"),
    "75": ("Đồng Nai", "75 70"),
    "79": ("Hồ Chí Minh", "79 74 77"),
    "80": ("Tây Ninh", "72 80"),
    "82": ("Đồng Tháp", "87 82"),
    "86": ("Vĩnh Long", "86 83 84"),
    "91": ("An Giang", "89 91"),
    "92": ("Cần Thơ", "92 93 94"),
    "96": ("Cà Mau", "96 95"),
}
TITLES = ("tinh ", "thanh pho ", "tp ")
OTHER_NAMES = {"thua thien hue": "46", "sai gon": "79", "hcm": "79", "brvt": "77", "dac lac": "66", "dak lak": "66"}

_MERIDIAN_OF = {one.split(" ", 1)[0]: meridian for meridian, listed in MERIDIANS.items() for one in listed.split(", ")}
_CODE_OF = {
    **{
        folded(one.split(" ", 1)[1]): one.split(" ", 1)[0]
        for listed in MERIDIANS.values()
        for one in listed.split(", ")
    },
    **OTHER_NAMES,
}
_ZONE_AT = {
    float(crs.projection.split("lon_0=")[1].split()[0]): crs
    for crs in KNOWN
    if crs.is_vn2000 and "k=0.9999" in crs.projection
}


def zones_of(province: str) -> tuple[Crs, ...]:
    """Return the TM-3 zones that maps of a province are in, the likeliest first; empty for what is no province.

    `province` is a name in any spelling, with or without "Tỉnh" or "Thành phố", or a code of the statistics office.
    A name or code that is both a province of today and one of before stands for today's, its own old zone first.
    """
    said = folded(province)
    for title in TITLES:
        said = said.removeprefix(title)
    code = said.zfill(2) if said.isdecimal() else _CODE_OF.get(said)
    if code is None:
        return ()
    parts = _parts(code, is_code=said.isdecimal())
    meridians = dict.fromkeys(_MERIDIAN_OF[part] for part in parts if part in _MERIDIAN_OF)
    return tuple(_ZONE_AT[meridian] for meridian in meridians)


def _parts(code: str, *, is_code: bool) -> list[str]:
    """List the old provinces of one of today, the one that was meant first."""
    made = [
        parts.split()
        for today, (name, parts) in MADE_IN_2025.items()
        if (today == code if is_code else _CODE_OF[folded(name)] == code)
    ]
    return list(dict.fromkeys([code, *(part for parts in made for part in parts)]))
