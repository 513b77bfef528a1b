import { shape } from './schema.ts'
import type { Shape } from './shape.ts'

const ADDRESS = 'https://json-schema.org/draft/2020-12/schema'

/**
 * The schema of the file as JSON Schema 2020-12, for editors (`# yaml-language-server: $schema=…`). It is what a file may hold,
 * not what `Config` is: keys with defaults may be left out. Combinations of values are checked by `parseConfig` only.
 */
export function jsonSchema(): Record<string, unknown> {
  const { description, ...rest } = published(shape)
  return { $schema: ADDRESS, title: 'ringwall.yaml', description, ...rest }
}

function published(inner: Shape): Record<string, unknown> {
  const { required, properties, patternProperties, items, anyOf, ...rest } = inner
  const plain = Object.fromEntries(Object.entries(rest).filter(([key]) => !key.startsWith('x-')))
  const must = required?.filter(key => properties?.[key]?.default === undefined) ?? []
  return {
    ...plain,
    ...(properties && { properties: each(properties) }),
    ...(patternProperties && { patternProperties: each(patternProperties), additionalProperties: false }),
    ...(must.length > 0 && { required: must }),
    ...(items && { items: published(items) }),
    ...(anyOf && { anyOf: anyOf.map(published) }),
  }
}

const each = (shapes: Readonly<Record<string, Shape>>) =>
  Object.fromEntries(Object.entries(shapes).map(([key, shape]) => [key, published(shape)]))

/** The published file's text: `packages/gateway/ringwall.schema.json`. */
export const jsonSchemaText = () => `${JSON.stringify(jsonSchema(), null, 2)}\n`
