/** What to do about an error of the learner, by its code. */
export function hintOf(code: string): string {
  if (Object.hasOwn(HINTS, code)) return HINTS[code]!
  if (code.startsWith('csv_'))
    return 'Mend the file there; --separator, --decimal and --no-header say how it is written where that was guessed wrongly.'
  if (code === 'model_version') return 'Fit it again, with this version of the command.'
  if (code.startsWith('model_')) return 'Name a file that --save has written, unchanged.'
  return 'Give other rows, columns or options (--help).'
}

const HINTS: Readonly<Record<string, string>> = {
  csv_format: 'Name a CSV, or write one to standard input and name -.',
  csv_time: 'Mend the time, or say in which order dates stand: --dates dmy, mdy or ymd.',
  csv_encoding: 'Save the file as UTF-8.',
  csv_range: 'Mend the number, or leave the cell empty; learn sanitize takes such values out.',
  csv_columns: 'Name a table with a row for each time and a column for each sensor.',
  csv_column: 'Name a column as it stands in the header; without one they are column1, column2 and so on.',
  csv_header: 'Give each column a name of its own, or say --no-header if the first line is data.',
  column_unknown:
    'Name columns as they stand in the header, with commas between them; without a header they are column1, column2 and so on.',
  column_no_time: 'Name another column with --time, or none.',
  process_wrong: 'Mend the description of the process; see learn-spoofing.md.',
  columns_none: 'Name a table with columns of numbers, or ignore fewer of them.',
  rows_too_few: 'Give more rows to learn from (where there is --train-rows, a greater number), or of each class.',
  class_rare: 'Give more rows of that class, or leave its row out.',
  sensors_constant: 'Give rows in which something moves to learn from.',
  columns_many: 'Leave columns out (--ignore), or name those that belong together (--sensors).',
  value_infinite: 'Mend the value, or leave the column out (--ignore).',
  class_unknown: 'Name one of the classes in the column of --label.',
  label_missing: 'Fill the column in, or leave those rows out.',
  classes_few: 'Name another column with --label, or give at least 20 rows of two classes.',
  class_single: 'Name another column with --label, or rows of more than one class.',
  key_malformed: 'Name a file that ringwall learn watermark key has made.',
  key_version: 'Make a key anew, and mark the model by it; what version 1 proves could be forged.',
  claim_malformed: 'Name a claim that ringwall learn watermark embed has written.',
  claim_version: 'Mark and claim the model anew; what version 1 proves could be forged.',
  answers_count: 'Give the answers to all rows of ringwall learn watermark triggers, in their order.',
  watermark_space: 'Give a table of more columns or words; a claim or model must be as it was written.',
  watermark_small: 'Make a layer of the net wider.',
  watermark_classes: 'Say what the suspect calls its classes: --classes old=new,...',
  watermark_columns: "Say what the suspect calls the claim's columns: --columns old=new,...; no other may be there.",
  watermark_naming: 'Give --classes and --columns as old=new: a name of the claim, and the name in the suspect.',
  watermark_not_embedded: 'Give more columns to learn from, or another --algorithm.',
  watermark_rows: 'Take the claim as it was written, for a model of the same columns.',
  weights_wrong: 'Name a file that --save has written, unchanged.',
  shape_wrong: 'Name a file that --save has written, unchanged.',
  members_differ: 'Name a file that --save has written, unchanged.',
  tail_wrong: 'Name a file that --save has written, unchanged.',
  model_options:
    'Name a file that --save has written, unchanged; of a forest that is too large, learn fewer rows or classes.',
  not_a_classifier: 'Name a model that tells classes: one that learn fit has kept.',
  onnx_series: 'Export a model that learn fit has kept.',
  label_many: 'Name a column of classes with --label; numbers on a scale are none.',
}
