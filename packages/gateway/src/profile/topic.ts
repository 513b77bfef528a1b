import { Flaw, quote } from '../config/problem.ts'

/** One level of a topic: text around a device's id (`before`, `after`), a text, or a wildcard. */
export type Level =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'device'; readonly before: string; readonly after: string }
  | { readonly kind: 'any' }
  | { readonly kind: 'rest' }

const DEVICE = '${device}'
/** What somebody writes who means a placeholder. */
const NO_PLACEHOLDER = /[{$<] *(device|site)\b *[}>]?/i

/** A form's topic or filter, with `${site}` filled in and `${device}` left open. */
export class TopicTemplate {
  readonly text: string
  readonly levels: readonly Level[]

  private constructor(text: string, levels: readonly Level[]) {
    this.text = text
    this.levels = levels
  }

  /** Reads a `mqv:topic`, or a `mqv:filter`, which may hold wildcards. */
  static read(text: string, site: string, wildcards: boolean): TopicTemplate | Flaw {
    const filled = text.replaceAll('${site}', site)
    const levels: Level[] = []
    const parts = filled.split('/')
    for (const [index, part] of parts.entries()) {
      const level = readLevel(part, index === parts.length - 1)
      if (level instanceof Flaw) return level
      if (!wildcards && (level.kind === 'any' || level.kind === 'rest')) {
        return new Flaw(`${quote(text)} holds a wildcard`, 'Write it as mqv:filter.')
      }
      levels.push(level)
    }
    return new TopicTemplate(filled, levels)
  }

  /** Whether a device's id stands in it. */
  get hasDevice(): boolean {
    return this.levels.some(({ kind }) => kind === 'device')
  }

  /** As a topic filter of MQTT: for one device, or for any. */
  filter(device = '+'): string {
    return this.levels.map(level => written(level, device)).join('/')
  }

  /** The device that a topic belongs to; an empty text where it matches and names none; null where it does not match. */
  deviceOf(levels: readonly string[]): string | null {
    let device = ''
    for (const [index, level] of this.levels.entries()) {
      if (level.kind === 'rest') return device
      const found = levels[index]
      if (found === undefined) return null
      if (level.kind === 'text' && level.text !== found) return null
      if (level.kind !== 'device') continue
      const id = within(found, level.before, level.after)
      if (id === null || (device !== '' && device !== id)) return null
      device = id
    }
    return levels.length === this.levels.length ? device : null
  }
}

function readLevel(part: string, last: boolean): Level | Flaw {
  if (part === '+') return { kind: 'any' }
  if (part === '#') return last ? { kind: 'rest' } : new Flaw('# stands before the end', 'It is the last level.')
  const [before, after, more] = part.split(DEVICE) as [string, string?, string?]
  const text = before + (after ?? '')
  if (more !== undefined) return new Flaw('${device} stands twice in one level', 'Write it once.')
  if (/[+#]/.test(text)) return new Flaw(`${quote(part)} has a wildcard beside other characters`, 'It stands alone.')
  if (text.includes('${')) {
    return new Flaw(`${quote(part)} holds an unknown placeholder`, 'Placeholders are ${site} and ${device}.')
  }
  const meant = NO_PLACEHOLDER.exec(text)
  if (meant !== null) {
    return new Flaw(`${quote(part)} holds ${meant[0]} as it stands`, `Write $\{${meant[1]!.toLowerCase()}}.`)
  }
  return after === undefined ? { kind: 'text', text: part } : { kind: 'device', before, after }
}

function written(level: Level, device: string): string {
  switch (level.kind) {
    case 'text':
      return level.text
    case 'any':
      return '+'
    case 'rest':
      return '#'
    default:
      return device === '+' ? '+' : level.before + device + level.after
  }
}

/** What stands between two texts; null where it is nothing, or they are not around it. */
export function within(text: string, before: string, after: string): string | null {
  const length = text.length - before.length - after.length
  if (length <= 0 || !text.startsWith(before) || !text.endsWith(after)) return null
  return text.slice(before.length, before.length + length)
}
