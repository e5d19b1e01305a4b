"""Files of claims: workbook, CSV and JSON, read row by row with every fault, compared, written."""
