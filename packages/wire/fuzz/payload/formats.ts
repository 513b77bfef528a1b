import type { PayloadFormat } from './format.ts'
import { json } from './json.ts'
import { sparkplug } from './sparkplug.ts'

export const formats: readonly PayloadFormat[] = [json, sparkplug]
