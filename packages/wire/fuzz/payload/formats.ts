import { cbor } from './cbor.ts'
import type { PayloadFormat } from './format.ts'
import { json } from './json.ts'

export const formats: readonly PayloadFormat[] = [json, cbor]
