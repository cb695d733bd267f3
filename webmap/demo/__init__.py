"""An invented commune, or an invented province: the same every time for one seed. Nothing in it is a real person."""

SOURCE = "Invented by Từng Ngõ's generator"
ATTRIBUTION = f"Dữ liệu dựng, do Từng Ngõ tạo ra ({SOURCE})"  # on every map of it
