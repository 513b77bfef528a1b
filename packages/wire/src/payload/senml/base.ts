import type { Reader } from '../tape/reader.ts'
import { Field } from './labels.ts'
import type { SenmlRecord } from './record.ts'

/** The base fields in force: those of the record or of the last one before it (RFC 8428, section 4.1). */
export class SenmlBase {
  /** Items of the tape, 0 where there is none. */
  name = 0
  unit = 0
  time = 0
  value = 0
  sum = 0

  clear(): void {
    this.name = 0
    this.unit = 0
    this.time = 0
    this.value = 0
    this.sum = 0
  }

  take(reader: Reader, record: SenmlRecord): void {
    const { items } = record
    const { numbers } = reader.tape
    if (items[Field.BASE_NAME] !== 0) this.name = items[Field.BASE_NAME]
    if (items[Field.BASE_UNIT] !== 0) this.unit = items[Field.BASE_UNIT]
    if (items[Field.BASE_TIME] !== 0) this.time = numbers[items[Field.BASE_TIME]]
    if (items[Field.BASE_VALUE] !== 0) this.value = numbers[items[Field.BASE_VALUE]]
    if (items[Field.BASE_SUM] !== 0) this.sum = numbers[items[Field.BASE_SUM]]
  }
}
