import { Unusable } from './syntax.ts'

/** Moves through a pattern's text, code point by code point. */
export class Source {
  readonly points: readonly string[]
  at: number

  constructor(text: string) {
    this.points = [...text]
    this.at = 0
  }

  get done(): boolean {
    return this.at >= this.points.length
  }

  /** The next character, or an empty string at the end. */
  get next(): string {
    return this.points[this.at] ?? ''
  }

  /** Moves over the text where it comes next. */
  take(text: string): boolean {
    for (let i = 0; i < text.length; i++) if (this.points[this.at + i] !== text[i]) return false
    this.at += text.length
    return true
  }

  advance(): string {
    return this.points[this.at++] ?? ''
  }

  /** A whole number in decimal digits, or null where none comes next. */
  decimal(): number | null {
    const from = this.at
    while (/^[0-9]$/.test(this.next)) this.at++
    return this.at === from ? null : Number(this.points.slice(from, this.at).join(''))
  }

  /** So many hexadecimal digits, or null, having moved nowhere. */
  hex(digits: number): number | null {
    const text = this.points.slice(this.at, this.at + digits).join('')
    if (text.length !== digits || !/^[0-9A-Fa-f]+$/.test(text)) return null
    this.at += digits
    return Number.parseInt(text, 16)
  }

  syntax(why: string, at = this.at): never {
    throw new Unusable('pattern_syntax', why, at)
  }

  unsupported(why: string, at = this.at): never {
    throw new Unusable('pattern_unsupported', why, at)
  }
}
