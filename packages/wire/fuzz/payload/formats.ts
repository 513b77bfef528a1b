import { cbor } from './cbor.ts'
import type { PayloadFormat } from './format.ts'
import { json } from './json.ts'
import { sparkplug } from './sparkplug.ts'

export const formats: readonly PayloadFormat[] = [json, cbor, sparkplug]
