import { readFileSync, writeFileSync } from 'node:fs'
import { withTables } from './document.ts'

/** The page whose tables come from the clauses and vectors. A test fails when it is stale; run this file then. */
export const PAGE_FILE = new URL('../../../docs/conformance.md', import.meta.url)

if (import.meta.main) writeFileSync(PAGE_FILE, withTables(readFileSync(PAGE_FILE, 'utf8')))
