/** A message whose meaning depends on who reads it, or that no reader should take. */
export interface Smuggled {
  readonly name: string
  readonly payload: Uint8Array
}

const DEPTH = 200

/**
 * Variants of one legal message: each is legal but for one trick.
 * @param json the legal message for a variant, an object with a number at `value`
 */
export function smuggled(json: (variant: number) => Readonly<Record<string, unknown>>): Smuggled[] {
  const found: Smuggled[] = []
  const add = (name: string, change: (text: string) => string | Uint8Array): void => {
    const changed = change(JSON.stringify(json(found.length)))
    found.push({ name, payload: Buffer.from(changed) })
  }
  const behind = (member: string) => (text: string) => `${text.slice(0, -1)},${member}}`
  const instead = (value: string) => (text: string) => text.replace(/"value":[^,]+/, `"value":${value}`)
  add('a key twice', behind('"value":1.5'))
  add('a key twice, once escaped', behind('"v\\u0061lue":1.5'))
  add('a number beyond every double', instead('1e309'))
  add('a number with leading zeros', instead('001.5'))
  add('a number that is none', instead('NaN'))
  add('a number as text', instead('"1.5"'))
  add('overlong UTF-8', text => raw(behind('"trail":"@"')(text), [0xc0, 0xaf]))
  add('a surrogate in UTF-8', text => raw(behind('"trail":"@"')(text), [0xed, 0xa0, 0x80]))
  add('deep nesting', behind(`"trail":${'['.repeat(DEPTH)}${']'.repeat(DEPTH)}`))
  add('a member that nobody declared', behind('"override":true'))
  add('a byte order mark', text => raw(`@${text}`, [0xef, 0xbb, 0xbf]))
  add('a second document', text => `${text}{"value":1.5}`)
  return found
}

/** The text with bytes in place of its last or only `@`. */
function raw(text: string, bytes: readonly number[]): Uint8Array {
  const at = text.lastIndexOf('@')
  return Buffer.concat([Buffer.from(text.slice(0, at)), Buffer.from(bytes), Buffer.from(text.slice(at + 1))])
}
