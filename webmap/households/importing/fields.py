"""What a column of a household list can hold, and the headings people write over it."""

from enum import StrEnum


class Field(StrEnum):
    """One thing known of a household, a person or a card."""

    HOUSEHOLD_CODE = "household_code"  # mã hộ
    HOUSEHOLD_ORDER = "household_order"  # số thứ tự hộ: chỉ để gộp các dòng của tệp này
    HEAD_NAME = "head_name"  # tên chủ hộ
    RELATIONSHIP = "relationship"  # quan hệ với chủ hộ
    SURNAME = "surname"  # họ và chữ đệm, khi tên nằm ở cột riêng
    FULL_NAME = "full_name"  # họ và tên
    SEX = "sex"  # giới tính
    MALE = "male"  # cột "Nam": dấu x hoặc năm sinh
    FEMALE = "female"  # cột "Nữ": dấu x hoặc năm sinh
    BIRTH = "birth"  # ngày sinh, năm sinh
    CITIZEN_ID = "citizen_id"  # CCCD, CMND, số định danh
    INSURANCE_CODE = "insurance_code"  # mã số BHXH
    CARD_NUMBER = "card_number"  # số thẻ BHYT
    CARD_CATEGORY = "card_category"  # đối tượng
    VALID_FROM = "valid_from"  # thẻ có giá trị từ
    VALID_TO = "valid_to"  # thẻ có giá trị đến
    PHONE = "phone"  # điện thoại
    COMMUNE = "commune"  # xã, phường
    VILLAGE = "village"  # thôn, bản, khóm, tổ, ấp
    ALLEY = "alley"  # ngõ, ngách, hẻm, đường
    HOUSE_NUMBER = "house_number"  # số nhà
    ADDRESS = "address"  # địa chỉ
    LONGITUDE = "longitude"  # kinh độ
    LATITUDE = "latitude"  # vĩ độ
    POSITION = "position"  # tọa độ: vĩ độ, kinh độ trong một ô
    NORTH = "north"  # X của VN-2000
    EAST = "east"  # Y của VN-2000
    RESIDENCY = "residency"  # thường trú, đi vắng, đã chuyển, đã mất
    REASON_GROUP = "reason_group"  # lý do chưa tham gia
    NOTE = "note"  # ghi chú


HEADINGS: dict[Field, tuple[str, ...]] = {
    Field.HOUSEHOLD_CODE: (
        "ma ho", "ma so ho", "ma ho gia dinh", "so ho", "ho so", "ma hgd", "so ho khau", "so so ho khau",
        "so shk", "shk", "ma ho khau", "ma so ho gia dinh", "household code", "household id", "household no",
        "household number", "household", "hh id", "hhid", "hh code", "family code", "family id",
    ),
    Field.HOUSEHOLD_ORDER: ("stt ho", "so tt ho", "tt ho", "ho thu", "so thu tu ho", "thu tu ho"),
    Field.HEAD_NAME: (
        "chu ho", "ten chu ho", "ho ten chu ho", "ho va ten chu ho", "ho ten chu h", "head",
        "head of household", "household head", "head name", "name of head",
    ),
    Field.RELATIONSHIP: (
        "quan he", "quan he voi chu ho", "qh voi chu ho", "quan he chu ho", "qh chu ho", "moi quan he",
        "moi quan he voi chu ho", "quan he voi ch", "qhch", "qh", "relationship", "relation to head",
        "relationship to head", "relation",
    ),
    Field.SURNAME: (
        "ho dem", "ho va dem", "ho lot", "ho va chu dem", "ho va ten dem", "ho chu dem", "ho va ten lot",
        "surname", "family name", "last name",
    ),
    Field.FULL_NAME: (
        "ho ten", "ho va ten", "ten", "ho va ten nguoi tham gia", "ho ten nguoi tham gia", "ho ten nhan khau",
        "ho va ten nhan khau", "ho va ten khai sinh", "ho chu dem va ten khai sinh", "ho chu dem va ten",
        "ten nhan khau", "ho ten thanh vien", "ho va ten thanh vien", "ho ten cong dan", "nguoi tham gia",
        "thanh vien", "full name", "fullname", "name", "person", "member", "member name",
    ),
    Field.SEX: ("gioi tinh", "gioi", "phai", "nam nu", "gt", "phai nam nu", "sex", "gender"),
    Field.MALE: ("nam", "male", "ngay sinh nam", "nam sinh nam", "gioi tinh nam"),
    Field.FEMALE: ("nu", "female", "ngay sinh nu", "nam sinh nu", "gioi tinh nu"),
    Field.BIRTH: (
        "ngay sinh", "nam sinh", "ngay thang nam sinh", "ngay thang sinh", "sinh ngay", "sinh nam", "ntns",
        "ns", "ngay nam sinh", "date of birth", "birth date", "birthdate", "birthday", "dob",
        "year of birth", "birth year", "born", "birth",
    ),
    Field.CITIZEN_ID: (
        "cccd", "so cccd", "cmnd", "so cmnd", "cmnd cccd", "cccd cmnd", "so cmnd cccd", "so cccd cmnd",
        "can cuoc", "so can cuoc", "can cuoc cong dan", "so can cuoc cong dan", "so dinh danh",
        "so dinh danh ca nhan", "ma dinh danh", "sddcn", "ddcn", "so ddcn", "so ddcn cccd", "so giay to",
        "so ddcn cmnd cccd", "so ddcn cccd ho chieu", "so cccd cmnd ho chieu", "citizen id", "id number",
        "national id", "id card", "id no", "identity number",
    ),
    Field.INSURANCE_CODE: (
        "ma so bhxh", "ma bhxh", "so bhxh", "so so bhxh", "ms bhxh", "msbhxh", "ma so bao hiem xa hoi",
        "so so", "ma so bhxh bhyt", "ma so bao hiem", "insurance code", "social insurance code",
        "social insurance number", "insurance number",
    ),
    Field.CARD_NUMBER: (
        "so the", "so the bhyt", "ma the", "ma the bhyt", "ma so the", "ma so the bhyt", "the bhyt",
        "so the bao hiem y te", "bhyt", "so bhyt", "the bhyt so the", "the bhyt ma the", "card number",
        "card no", "card", "card id", "health insurance card", "health insurance card number",
    ),
    Field.CARD_CATEGORY: (
        "doi tuong", "ma doi tuong", "nhom doi tuong", "loai doi tuong", "doi tuong tham gia",
        "doi tuong bhyt", "ma dt", "doi tuong tham gia bhyt", "nhom dt", "loai the", "dien doi tuong",
        "dien", "the bhyt doi tuong", "category", "card category", "group", "subject group",
    ),
    Field.VALID_FROM: (
        "tu ngay", "tu", "gia tri tu", "gia tri the tu", "gia tri the tu ngay", "the co gia tri tu",
        "hieu luc tu", "gia tri su dung tu", "ngay hieu luc", "ngay bat dau", "han the tu",
        "the bhyt tu ngay", "gia tri the bhyt tu ngay", "han su dung tu", "han the tu ngay",
        "thoi han the tu ngay", "thoi han tu ngay", "gia tri su dung tu ngay", "valid from", "from",
        "start date", "from date",
    ),
    Field.VALID_TO: (
        "den ngay", "den", "gia tri den", "gia tri the den", "gia tri the den ngay", "the co gia tri den",
        "hieu luc den", "gia tri su dung den", "ngay het han", "het han", "han the", "han su dung", "hsd",
        "han the den", "han dung", "ngay het han the", "ngay het hieu luc", "thoi han the",
        "thoi han su dung", "ngay ket thuc", "the bhyt den ngay", "han the bhyt",
        "gia tri the bhyt den ngay", "gia tri su dung den ngay", "han the den ngay", "thoi han the den ngay",
        "thoi han den ngay", "han su dung den", "valid to", "valid until", "to", "expiry", "expiry date",
        "expires", "end date", "to date",
    ),
    Field.PHONE: (
        "dien thoai", "so dien thoai", "sdt", "dt", "so dt", "dtdd", "di dong", "so di dong",
        "dien thoai lien he", "sdt lien he", "lien he", "so dien thoai lien he", "phone", "phone number",
        "mobile", "telephone", "tel",
    ),
    Field.COMMUNE: (
        "xa", "phuong", "xa phuong", "phuong xa", "xa phuong thi tran", "ten xa", "ten phuong",
        "phuong xa thi tran", "xa thi tran", "dia chi xa", "commune", "ward",
    ),
    Field.VILLAGE: (
        "thon", "ban", "khom", "to", "ap", "xom", "buon", "lang", "khu pho", "to dan pho", "tdp", "khu",
        "khu dan cu", "kp", "thon ban", "thon xom", "thon to", "ap khom", "khom ap", "thon to dan pho",
        "thon ban to dan pho", "ten thon", "to dan pho thon", "thon ap", "thon xom to", "thon buon",
        "don vi", "dia chi thon", "to khu pho", "to thon", "phum soc", "village", "hamlet", "quarter",
        "neighbourhood", "neighborhood",
    ),
    Field.ALLEY: (
        "ngo", "ngach", "hem", "kiet", "duong", "pho", "ten duong", "duong pho", "duong ngo", "ngo hem",
        "ngo ngach", "ngo xom", "duong ngo hem", "ten ngo", "ngo pho", "pho ngo", "alley", "street", "lane",
        "road",
    ),
    Field.HOUSE_NUMBER: ("so nha", "sn", "nha so", "so nha so", "house number", "house no", "house", "door number"),
    Field.ADDRESS: (
        "dia chi", "noi o", "cho o", "cho o hien nay", "noi cu tru", "dia chi cu tru", "dia chi thuong tru",
        "noi thuong tru", "dia chi lien he", "ho khau thuong tru", "hktt", "dia chi noi o", "noi o hien tai",
        "cho o hien tai", "dia chi ho", "noi o hien nay", "noi dang ky thuong tru", "address", "residence",
    ),
    Field.LONGITUDE: ("kinh do", "toa do kinh do", "longitude", "lon", "lng", "long", "gps kinh do", "x lon"),
    Field.LATITUDE: ("vi do", "toa do vi do", "latitude", "lat", "gps vi do", "y lat"),
    Field.POSITION: ("toa do", "toa do gps", "gps", "vi tri", "coordinates", "coords", "location", "lat lon"),
    Field.NORTH: ("x", "toa do x", "x bac", "x vn2000", "x vn 2000", "vn2000 x", "northing", "north"),
    Field.EAST: ("y", "toa do y", "y dong", "y vn2000", "y vn 2000", "vn2000 y", "easting", "east"),
    Field.RESIDENCY: (
        "cu tru", "tinh trang cu tru", "hien trang cu tru", "thuong tru tam tru", "loai cu tru",
        "tinh trang", "hien o", "noi cu tru tinh trang", "bien dong", "tt cu tru", "residency",
        "residence status",
    ),
    Field.REASON_GROUP: (
        "ly do", "ly do chua tham gia", "ly do chua co the", "nguyen nhan", "nguyen nhan chua tham gia",
        "nhom ly do", "ly do chua tham gia bhyt", "ly do khong tham gia", "reason", "reason group",
        "why uncovered",
    ),
    Field.NOTE: ("ghi chu", "chu thich", "luu y", "note", "notes", "remark", "remarks", "comment"),
}  # fmt: skip
"""Folded headings (see `folding.fold`). Order within a field means nothing."""

MARKED = {
    "hộ": Field.HOUSEHOLD_CODE,
    "họ": Field.SURNAME,
    "tổ": Field.VILLAGE,
    "to": Field.VALID_TO,
    "ban": None,
}
"""Headings that are told apart only by their marks."""

NOT_OURS = (
    "stt", "tt", "so tt", "so thu tu", "no", "dan toc", "ton giao", "quoc tich", "trinh do", "nghe nghiep",
    "noi sinh", "noi dang ky kcb", "noi dang ky kham chua benh", "noi dang ky kcb ban dau", "noi kcb",
    "noi kcb ban dau", "ma kcb", "benh vien", "so tien", "muc dong", "so thang dong", "phuong thuc dong",
    "ngay cap", "noi cap", "que quan", "nguyen quan", "huyen", "quan", "tinh", "thanh pho", "quan huyen",
    "tinh thanh pho", "ten huyen", "ten tinh", "ma xa", "ma tinh", "ma huyen", "ngay bien lai",
    "so bien lai", "ho so so", "tuoi", "age", "district", "province", "index", "id", "email", "truong",
    "lop", "nam hoc", "tong so", "ethnicity", "hinh thuc", "ky ten", "chu ky",
)  # fmt: skip
"""Headings that are known and not imported, so that they do not look like something else."""
