import { resolve } from 'node:path'
import { brokerAddress, isLoopback, isNetwork } from './address.ts'
import type { Kind } from './leaf.ts'
import { suggestion } from './near.ts'
import { Flaw, quote } from './problem.ts'
import { parseTemplate } from './template.ts'

type Check = (text: string, folder: string) => string | Flaw

/** The placeholders of role filters. */
export const PLACEHOLDERS = ['site', 'device', 'role'] as const

// MQTT 5.0, 1.5.4: a UTF-8 string has at most so many bytes.
const LONGEST_TOPIC = 65_535

const checks: Record<Kind, Check> = {
  path: (text, folder) =>
    text.startsWith('pkcs11:')
      ? new Flaw('keys in a token are not supported yet', 'Name a PEM file.')
      : resolve(folder, text),
  // Never quoted: a url may hold a password.
  url: text =>
    brokerAddress(text) === undefined
      ? new Flaw(
          'it is not the url of a broker',
          'Write mqtt://host:port or mqtts://host:port, without user, password or path.',
        )
      : text,
  filter: text => {
    if (text.includes('${'))
      return new Flaw('placeholders are read in roles only', 'Use a wildcard, such as plant/+/state.')
    return filterFlaw(text) ?? text
  },
  topic: text =>
    /[+#$]/.test(text)
      ? new Flaw(`${quote(text)} is not one topic`, 'Write it out, without wildcards or placeholders.')
      : (filterFlaw(text) ?? text),
  'role-filter': text => {
    const stray = text.replace(/\$\{([^{}]*)\}/g, (whole, name) =>
      (PLACEHOLDERS as readonly string[]).includes(name) ? 'x' : whole,
    )
    const unknown = /\$\{([^{}/]*)\}?/.exec(stray)
    if (unknown !== null) {
      const hint = suggestion(unknown[1]!, PLACEHOLDERS)
      return new Flaw(
        `${quote(unknown[0])} is not a placeholder`,
        `${hint} Placeholders are \${site}, \${device} and \${role}.`,
      )
    }
    return filterFlaw(stray) ?? text
  },
  glob: text =>
    /^[A-Za-z0-9._*?-]{1,64}$/.test(text)
      ? text
      : new Flaw(
          `${quote(text)} can match no device id`,
          'Use letters, digits, `.`, `_`, `-`, `*` and `?`, at most 64.',
        ),
  network: text =>
    isNetwork(text)
      ? text
      : new Flaw(`${quote(text)} is not an address or network`, 'Write it as 10.0.0.5 or 10.1.0.0/16.'),
  protected: text => {
    if (isNetwork(text) || /^[A-Za-z0-9._*?-]{1,64}$/.test(text)) return text
    const what = `${quote(text)} is neither an address, nor a network, nor a device id`
    return new Flaw(what, 'Write 10.0.0.5, 10.1.0.0/16 or a device id, which may hold `*` and `?`.')
  },
  loopback: text =>
    isLoopback(text)
      ? text
      : new Flaw(
          `${quote(text)} is not a loopback address`,
          'Use 127.0.0.1 or ::1; put a proxy that authenticates in front of it.',
        ),
  'device-template': text => {
    const template = parseTemplate(text)
    return template instanceof Flaw ? template : text
  },
  name: text => (/\s/.test(text) ? new Flaw(`${quote(text)} holds white space`, 'Remove it.') : text),
  sentence: text => text,
}

/** Checks a text by its kind; paths come back absolute. */
export function checkKind(kind: Kind, text: string, folder: string): string | Flaw {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is looked for.
  if (/[\x00-\x1f\x7f]/.test(text)) return new Flaw(`${quote(text)} holds control characters`, 'Remove them.')
  if (!text.isWellFormed()) return new Flaw(`${quote(text)} is not well-formed Unicode`, 'Write it again.')
  return checks[kind](text, folder)
}

/** What is wrong with an MQTT topic filter (MQTT 5.0, 4.7), if anything. */
export function filterFlaw(filter: string): Flaw | undefined {
  if (Buffer.byteLength(filter) > LONGEST_TOPIC)
    return new Flaw('the filter is too long', `At most ${LONGEST_TOPIC} bytes.`)
  if (filter.startsWith('$share/')) {
    return new Flaw('a filter here names topics, not a shared subscription', 'Leave out `$share/` and the group.')
  }
  const levels = filter.split('/')
  for (const [index, level] of levels.entries()) {
    if (level.includes('#') && (level !== '#' || index !== levels.length - 1)) {
      return new Flaw(
        `${quote(filter)} has # where it cannot stand`,
        '# stands alone as the last level (MQTT-4.7.1-1).',
      )
    }
    if (level.includes('+') && level !== '+') {
      return new Flaw(`${quote(filter)} has + beside other characters`, '+ stands alone in its level (MQTT-4.7.1-2).')
    }
  }
  return undefined
}
