"""Codes -> sentences, marked here and translated at the door. Facts come by name. Codes never change."""

from webmap.errors import N_

FILE_REASONS = {
    "is_empty": N_("The file is empty."),
    "too_large": N_("The file has %(megabytes)s MB; at most %(most)s MB are read. Split it by village."),
    "encrypted": N_("The file is protected by a password. Remove the password in Excel and upload it again."),
    "is_xlsb": N_("This is a binary Excel file (.xlsb). Open it in Excel and save it as .xlsx."),
    "is_word": N_("This is a text document, not a spreadsheet. Copy the table into Excel and save it as .xlsx."),
    "is_zip": N_("This is a packed archive, not a spreadsheet. Unpack it and upload the spreadsheet inside."),
    "is_pdf": N_("This is a PDF, not a spreadsheet. Ask for the list as Excel or CSV."),
    "is_picture": N_("This is a picture, not a spreadsheet."),
    "is_database": N_("This is a database, not a spreadsheet."),
    "is_web_page": N_("This is a web page saved under another name. Open it in Excel and save it as .xlsx."),
    "no_table": N_("No table was found in the file. Upload an Excel file (.xlsx) or a CSV file."),
    "no_headings": N_("No headings were found. The list needs a line with the names of its columns."),
    "no_such_sheet": N_("The file has no sheet named %(sheet)s."),
    "unknown_encoding": N_("The letters of the file cannot be read safely. Save it as .xlsx or “CSV UTF-8”."),
    "quote_not_closed": N_("A quotation mark that is opened near line %(row)s is never closed."),
    "too_many_rows": N_(
        "The table reaches down to line %(rows)s; at most %(most)s are read. Delete empty lines or split it."
    ),
    "too_many_columns": N_("The table has %(columns)s columns; at most %(most)s are read. Delete the empty ones."),
    "too_many_parts": N_("The file is made of %(parts)s parts; at most %(most)s are read."),
    "too_many_spoiled_cells": N_(
        "More than %(most)s cells hold errors or formulas without results. Recalculate it in Excel."
    ),
    "unpacks_too_large": N_(
        "The file unpacks to more than %(most)s MB. Delete what is not the list and upload it again."
    ),
    "packed_too_tightly": N_(
        "The file is packed more tightly than any real list (over %(ratio)s to 1). It is not opened."
    ),
    "xml_entities": N_("The file holds definitions that a spreadsheet never needs. It is not opened."),
    "damaged_zip": N_("The file is damaged or is not what it says. Open it in Excel and save it again."),
    "damaged_xml": N_("A part of the file is damaged. Open it in Excel and save it again."),
    "too_heavy": N_("The file is too heavy to read. Delete unused sheets, rows and columns and upload it again."),
    "field_twice": N_("Two columns have the same meaning. Choose one of them."),
    "no_name_column": N_("No column holds the names of the people."),
    "no_household_column": N_("No column tells who lives together: code, order, head, relationship or address."),
    "no_identifying_column": N_("No column tells people of one name apart: insurance code, citizen id, card or birth."),
    "half_a_position": N_("A place needs both of its columns."),
}

ROW_REASONS = {
    # the person
    "name_missing": N_("the name is missing"),
    "name_is_date": N_("the name is a date (%(text)s)"),
    "name_has_digit": N_("the name has a digit in it: %(text)s"),
    "name_has_sign": N_("the name has the sign “%(sign)s” in it: %(text)s"),
    "name_has_note": N_("the name carries a remark: %(note)s; write it in the column of notes"),
    "name_too_short": N_("the name is too short: %(text)s"),
    "name_too_long": N_("the name is too long: %(text)s…"),
    "unknown_sex": N_("“%(text)s” is not a sex; write Nam or Nữ"),
    "both_sexes": N_("marked as a man and as a woman"),
    "not_a_mark": N_("“%(text)s” is neither yes nor no"),
    "unknown_residency": N_("“%(text)s” is not a residency: living here, away, moved out or deceased"),
    "unknown_reason_group": N_("“%(text)s” is not one of the reason groups"),
    "not_a_date": N_("“%(text)s” is not a date"),
    "no_such_day": N_("there is no day %(text)s"),
    "no_such_month": N_("there is no month %(month)s (%(text)s); days come first, then months"),
    "day_incomplete": N_("“%(text)s” is not a whole day; write day, month and year"),
    "day_not_believable": N_("the day %(day)s is not believable"),
    "birth_in_future": N_("born in the future (%(day)s)"),
    "birth_too_long_ago": N_("born too long ago (%(year)s)"),
    # numbers
    "not_a_number": N_("“%(text)s” is not a number"),
    "rounded_by_excel": N_("Excel has rounded the number (%(text)s); format the column as text and enter it again"),
    "citizen_id_length": N_("a citizen id has 12 digits, an old one 9; this one has %(digits)s: %(text)s"),
    "citizen_id_province": N_("no province has the code %(province)s: %(text)s"),
    "citizen_id_century": N_("the fourth digit of a citizen id is 0 to 3 for people born until 2099: %(text)s"),
    "citizen_id_birth": N_("the citizen id %(text)s belongs to somebody born in %(says)s, not in %(birth)s"),
    "citizen_id_sex": N_("the citizen id %(text)s belongs to a person of the other sex"),
    "insurance_code_length": N_("an insurance code has 10 digits; this one has %(digits)s: %(text)s"),
    "card_number_length": N_("a card number has 15 characters, or 10 digits; this one has %(characters)s: %(text)s"),
    "card_number_form": N_("“%(text)s” is not a card number: two letters, then 13 digits"),
    "card_code_differs": N_("the card number %(text)s belongs to another insurance code than %(number)s"),
    "card_category_differs": N_("the card number begins with %(printed)s, the category says %(given)s"),
    "no_category": N_("a card without a category"),
    "unknown_category": N_("“%(text)s” is not a category of cards"),
    "card_without_days": N_("a card without the days on which it holds"),
    "ends_before_it_begins": N_("the card ends on %(last)s, before it begins on %(first)s"),
    "phone_form": N_("“%(text)s” is not a phone number"),
    # the place
    "not_a_place": N_("“%(text)s” is not a place on the map"),
    "half_a_place": N_("one of the two coordinates is missing"),
    "place_swapped": N_("longitude and latitude look swapped (%(text)s)"),
    "place_is_zero": N_("the coordinates are 0, 0"),
    "place_in_metres": N_("these are metres, not degrees (%(text)s); choose the columns X and Y of VN-2000"),
    "place_in_degrees": N_("these are degrees, not metres (%(text)s); choose longitude and latitude"),
    "place_outside_vietnam": N_("the place lies outside Vietnam (%(text)s)"),
    "place_far_from_area": N_("the place lies outside the area of the import (%(text)s)"),
    "no_zone": N_("the zone of VN-2000 is not known for this area"),
    "commune_differs": N_("the row belongs to another commune: %(text)s"),
    "village_missing": N_("the village is missing"),
    "unknown_village": N_("no village of the area is named “%(text)s”"),
    "village_ambiguous": N_("several villages of the area could be meant by “%(text)s”"),
    # households
    "no_household": N_("no household can be told for this row"),
    "second_head": N_("a second head of the household; the first is in row %(row)s"),
    "same_as_row": N_("the same person as in row %(row)s"),
    "number_of_another_row": N_("the number %(number)s also stands in row %(row)s, for somebody else"),
    "person_in_two_households": N_("the person with the number %(number)s is in row %(row)s too, in another household"),
    "number_of_another_person": N_("the number %(number)s belongs to somebody else who is already on the register"),
    "person_ambiguous": N_("several people of this name and birth are on the register here; add a number"),
    "person_elsewhere": N_("the person with this number is registered outside the area of the file"),
    # any cell
    "cell_error": N_("the cell holds an error of Excel: %(error)s"),
    "formula_without_value": N_("the cell holds a formula without its result; open the file in Excel and save it"),
    "garbled": N_("the letters are damaged: %(text)s"),
    "too_long": N_("too long: %(length)s characters, at most %(most)s"),
}

REMARKS = {
    "zeros_restored": N_("zeros at the front that Excel had dropped were put back"),
    "excel_serial": N_("a bare number was read as Excel's count of days"),
    "two_digit_year": N_("a year of two digits was read by the rule"),
    "only_month_and_year": N_("only the year of a month and year was kept"),
    "first_of_several_phones": N_("the first of several phone numbers was kept"),
    "old_mobile_prefix": N_("an 11-digit mobile number got today's prefix"),
    "birth_from_citizen_id": N_("the year of birth was taken from the citizen id"),
    "valid_from_list_day": N_("a card without a first day holds from the day of the list"),
    "first_row_as_head": N_("the first row of a household without a head became its head"),
}
