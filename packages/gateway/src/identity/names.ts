import type { X509Certificate } from 'node:crypto'

/** One alternative name: its type as Node writes it (`URI`, `DNS`, `IP Address` …) and its value. */
export interface AlternativeName {
  readonly type: string
  readonly value: string
}

// Node writes `Type:value, Type:"value"`; it quotes, as JSON, whatever holds commas, quotes or control characters
// (CVE-2021-44532), so a bare value ends at the next comma.
const NAME = /([A-Za-z0-9 ]+):(?:"((?:[^"\\]|\\.)*)"|([^",]*))(?:, |$)/y

/** Reads a `subjectAltName` of Node, or nothing where it is not written as Node writes it. */
export function alternativeNames(text: string | undefined): AlternativeName[] | undefined {
  if (text === undefined || text === '') return []
  const names: AlternativeName[] = []
  NAME.lastIndex = 0
  while (NAME.lastIndex < text.length) {
    const match = NAME.exec(text)
    if (match === null) return undefined
    const value = match[2] === undefined ? match[3]! : unquoted(match[2])
    if (value === undefined) return undefined
    names.push({ type: match[1]!, value })
  }
  return text.endsWith(', ') ? undefined : names
}

function unquoted(inner: string): string | undefined {
  try {
    return String(JSON.parse(`"${inner}"`))
  } catch {
    return undefined
  }
}

/** The values of one attribute of the subject (`CN`, `OU`), each whole, whatever characters it holds. */
export function subjectValues(certificate: X509Certificate, attribute: 'CN' | 'OU'): string[] {
  // Not `certificate.subject`: that is one text whose escapes a reader must undo. The values here are apart, several as a list.
  const subject: Partial<Record<string, unknown>> = certificate.toLegacyObject().subject ?? {}
  const value = subject[attribute]
  if (Array.isArray(value)) return value.filter(each => typeof each === 'string')
  return typeof value === 'string' ? [value] : []
}
