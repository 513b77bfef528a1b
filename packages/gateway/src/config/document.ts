import { shape } from './schema.ts'
import type { Shape } from './shape.ts'

/** The keys of the file as a Markdown table, one row a key, in the schema's order: what `docs/configuration.md` shows. */
export function keyTable(): string {
  const rows = rowsOf(shape, '').map(cells => `| ${cells.map(cell => cell.replaceAll('|', '\\|')).join(' | ')} |`)
  return ['| key | value | default | what it is |', '| --- | --- | --- | --- |', ...rows].join('\n')
}

/** Replaces what stands between `<!-- keys -->` and `<!-- /keys -->` of a page by the table. */
export function withKeyTable(page: string): string {
  return page.replace(/(<!-- keys -->\n)[\s\S]*(\n<!-- \/keys -->)/, (_, open, close) => `${open}${keyTable()}${close}`)
}

function rowsOf(inner: Shape, path: string): string[][] {
  const section = inner.anyOf?.find(each => each.type === 'object') ?? inner
  if (section.properties !== undefined) {
    return Object.entries(section.properties).flatMap(([key, each]) => {
      const name = path === '' ? key : `${path}.${key}`
      const required = inner.required?.includes(key) === true && each.default === undefined
      return [row(name, each, required), ...rowsOf(each, name)]
    })
  }
  if (inner.patternProperties !== undefined)
    return Object.values(inner.patternProperties).flatMap(each => rowsOf(each, `${path}.NAME`))
  return inner.items === undefined ? [] : rowsOf(inner.items, `${path}[]`)
}

function row(name: string, each: Shape, required: boolean): string[] {
  return [`\`${name}\``, valueText(each), required ? '**required**' : defaultText(each), each.description ?? '']
}

function valueText(each: Shape): string {
  const unit = each['x-unit']
  if (unit !== undefined) return unit
  if (each.enum !== undefined) return each.enum.map(word => `\`${word}\``).join(', ')
  if (each['x-list'] !== undefined) return 'text or list of text'
  if (each.anyOf !== undefined) return each.anyOf.map(valueText).join(' or ')
  if (each.const !== undefined) return `\`${String(each.const)}\``
  if (each.type === 'integer') return `${each.minimum} to ${each.maximum}`
  if (each.type === 'boolean') return '`true`, `false`'
  if (each.type === 'array') return `list of ${each.items?.type === 'object' ? 'sections' : 'text'}`
  if (each.type === 'object') return each.patternProperties === undefined ? 'section' : 'section of names'
  return each['x-kind'] === 'path' ? 'file or folder' : 'text'
}

function defaultText({ default: value, patternProperties }: Shape): string {
  if (value === undefined) return ''
  if (Array.isArray(value) && value.length > 0 && value.every(each => typeof each !== 'object'))
    return value.map(each => `\`${String(each)}\``).join(', ')
  if (typeof value === 'object')
    return Array.isArray(value) || patternProperties !== undefined ? 'none' : 'its defaults'
  return `\`${String(value)}\``
}
