import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { basename, join } from 'node:path'

type Schema = Record<string, unknown>

/**
 * Copies drafted profiles and allows in every object the text `trace`, by which the lab finds its attackers' messages again. Honest
 * devices never send it, so no recording teaches it; it is the only thing that is added.
 * @returns the folder of the copies
 */
export function instrumented(folder: string, into: string): string {
  const target = join(into, 'profiles')
  mkdirSync(target)
  for (const file of readdirSync(folder).filter(name => name.endsWith('.td.json'))) {
    const profile = JSON.parse(readFileSync(join(folder, file), 'utf8')) as Schema
    for (const [group, key] of [
      ['properties', null],
      ['actions', 'input'],
      ['events', 'data'],
    ] as const) {
      for (const affordance of Object.values((profile[group] ?? {}) as Record<string, Schema>)) {
        traceable(key === null ? affordance : affordance[key])
      }
    }
    writeFileSync(join(target, basename(file)), JSON.stringify(profile))
  }
  return target
}

function traceable(schema: unknown): void {
  if (typeof schema !== 'object' || schema === null || !('properties' in schema)) return
  Object.assign(schema.properties as object, { trace: { type: 'string', maxLength: 64, pattern: '^[\\w-]+$' } })
}
