import { readFileSync, writeFileSync } from 'node:fs'
import { withKeyTable } from './document.ts'
import { jsonSchemaText } from './json-schema.ts'

/** The published schema, and the page whose table comes from it. A test fails when either is stale; run this file then. */
export const SCHEMA_FILE = new URL('../../ringwall.schema.json', import.meta.url)
export const PAGE_FILE = new URL('../../../../docs/configuration.md', import.meta.url)

if (import.meta.main) {
  writeFileSync(SCHEMA_FILE, jsonSchemaText())
  writeFileSync(PAGE_FILE, withKeyTable(readFileSync(PAGE_FILE, 'utf8')))
}
