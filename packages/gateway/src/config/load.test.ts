import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { RingwallError } from '../base/error.ts'
import { loadConfig, makeConfig, parseConfig } from './load.ts'
import { ConfigError, type Problem } from './problem.ts'
import { PAGE_FILE } from './publish.ts'
import { SAMPLE } from './sample.ts'

const parse = (text: string) => parseConfig(text, '/etc/ringwall/ringwall.yaml')

/** The problems of a text, which must be refused. */
function problems(text: string): readonly Problem[] {
  try {
    parse(text)
  } catch (error) {
    if (error instanceof ConfigError && error instanceof RingwallError) return error.problems
    throw error
  }
  throw new Error(`accepted: ${text}`)
}

describe('a good file', () => {
  test('gets all defaults, absolute paths and numbers for units', () => {
    const config = parse(
      `${SAMPLE}limits: { packet: 64KiB, connectRate: 300/m, handshakeTimeout: 2.5, buffered: 2MiB }\nsize: { default: 100 }\n`,
    )
    expect(config.listen.mqtts).toEqual({
      port: 8883,
      host: '::',
      workers: 1,
      gather: 1,
      certificate: '/etc/ringwall/pki/gateway.pem',
      key: '/etc/ringwall/pki/gateway.key',
    })
    expect(config.limits).toMatchObject({
      packet: 65536,
      connectRate: 5,
      handshakeTimeout: 2500,
      buffered: 2097152,
      devices: 10000,
    })
    expect(config.size).toEqual({ default: 100, topics: [] })
    expect(config.rings.physical).toBe('observe')
    expect(config.metrics).toBe('off')
    expect(config.control).toEqual({ path: '/etc/ringwall/run/ringwall.sock' })
    expect(config.session.maxKeepAlive).toBe(3_600_000)
  })

  test('a role receives what it may subscribe to, unless it says otherwise', () => {
    expect(parse(SAMPLE).roles['sensor']!.receive).toEqual(['plant/${device}/set'])
    expect(parse(SAMPLE.replace('subscribe:', 'receive: [], subscribe:')).roles['sensor']!.receive).toEqual([])
  })

  test('one glob may stand for a list, and off is a word', () => {
    const config = parse(
      `${SAMPLE}groups: [{ name: a, devices: "pump-*", rings: { network: off } }]\ncontrol: off\nmetrics: {}\n`,
    )
    expect(config.groups).toEqual([{ name: 'a', devices: ['pump-*'], rings: { network: 'off' }, guards: {} }])
    expect(config.control).toBe('off')
    expect(config.metrics).toEqual({ port: 9464, host: '127.0.0.1' })
  })

  test('may be made by a program, and is the same', () => {
    const value = {
      site: 'mill-3',
      listen: { mqtts: { certificate: 'pki/gateway.pem', key: 'pki/gateway.key' } },
      upstream: { url: 'mqtt://127.0.0.1:1883' },
      identity: { anchors: [{ ca: 'pki/root.pem' }] },
      roles: { sensor: { publish: ['plant/${device}/#'], subscribe: ['plant/${device}/set'] } },
    }
    expect(makeConfig(value, '/etc/ringwall/x.yaml')).toEqual(parse(SAMPLE))
  })

  test('every example of the documentation is one', () => {
    const examples = [...readFileSync(PAGE_FILE, 'utf8').matchAll(/```yaml\n([\s\S]*?)```/g)].map(match => match[1]!)
    expect(examples.length).toBeGreaterThanOrEqual(2)
    for (const example of examples) expect(parse(example).site).toBe('mill-3')
  })
})

describe('a bad file', () => {
  test('all problems are told at once, in order, with place and hint', () => {
    const found = problems('site: mill 3\nlisten:\n  mqtts:\n    prot: 1\n    port: 70000\n')
    expect(found.map(({ code, place }) => [code, place.line, place.column, place.field])).toEqual([
      ['config_missing_key', 1, 1, 'upstream'],
      ['config_missing_key', 1, 1, 'identity'],
      ['config_bad_value', 1, 7, 'site'],
      ['config_missing_key', 3, 3, 'listen.mqtts.certificate'],
      ['config_missing_key', 3, 3, 'listen.mqtts.key'],
      ['config_unknown_key', 4, 5, 'listen.mqtts.prot'],
      ['config_out_of_range', 5, 11, 'listen.mqtts.port'],
    ])
    expect(found[5]).toMatchObject({ hint: 'Did you mean port?', place: { file: '/etc/ringwall/ringwall.yaml' } })
    for (const { what, hint } of found) expect(what.length * hint.length).toBeGreaterThan(0)
  })

  const wrong: [string, string][] = [
    ['session: { maxKeepAlive: 20h }', 'config_out_of_range'],
    ['session: { takeover: Keep }', 'config_bad_value'],
    ['session: { inflight: 1.5 }', 'config_wrong_type'],
    ['session: { inflight: "10" }', 'config_wrong_type'],
    ['limits: { packet: 1MB }', 'config_wrong_type'],
    ['limits: { packet: 0.3B }', 'config_wrong_type'],
    ['limits: { connectRate: .nan }', 'config_wrong_type'],
    ['limits: { connectRate: -1 }', 'config_wrong_type'],
    ['limits: [1]', 'config_wrong_type'],
    ['groups: {}', 'config_wrong_type'],
    ['groups: [{ name: a, devices: [] }]', 'config_out_of_range'],
    ['groups:', 'config_no_value'],
    ['metrics: true', 'config_wrong_type'],
    ['metrics: { host: 0.0.0.0 }', 'config_bad_value'],
    ['metrics: { host: localhost }', 'config_bad_value'],
    ['log: { level: 7 }', 'config_wrong_type'],
    ['rings: { network: on }', 'config_bad_value'],
    ['rings: { netwrok: off }', 'config_unknown_key'],
    ['guards: { seal: off }', 'config_unknown_key'],
    ['size: { topics: [{ filter: "a/#/b", bytes: 1 }] }', 'config_bad_value'],
    ['__proto__: { x: 1 }', 'config_unknown_key'],
    ['toString: 1', 'config_unknown_key'],
  ]
  test.each(wrong)('%s', (line, code) => {
    expect(problems(`${SAMPLE}${line}\n`)).toEqual([expect.objectContaining({ code })])
  })

  test('a random unknown key is refused anywhere, at its line', () => {
    const lines = `${SAMPLE}session:\n  takeover: keep\nrate:\n  device:\n    burst: 3\nrings:\n  network: off\n`.split(
      '\n',
    )
    const spots = lines.flatMap((line, index) => (/^ *[a-z]+: \S/.test(line) && !line.includes('{') ? [index] : []))
    const word = fc.stringMatching(/^[A-Za-z_][A-Za-z0-9_]{0,12}$/)
    fc.assert(
      fc.property(word, fc.constantFrom(...spots), (key, spot) => {
        const indent = /^ */.exec(lines[spot]!)![0]
        const name = `x${key}`
        const text = lines.toSpliced(spot, 0, `${indent}${name}: 1`).join('\n')
        expect(problems(text)).toContainEqual(
          expect.objectContaining({
            code: 'config_unknown_key',
            place: expect.objectContaining({
              line: spot + 1,
              column: indent.length + 1,
              field: expect.stringMatching(`${name}$`),
            }),
          }),
        )
      }),
    )
  })

  test('no text crashes', () => {
    const piece = fc.constantFrom(
      ...SAMPLE.split(/(?<=[\n:,{}[\]])/),
      '&a ',
      '*a',
      '!!x ',
      '? ',
      '- ',
      '"',
      "'",
      '\t',
      '\0',
      '|',
      '---\n',
      '#',
      '<<: ',
    )
    fc.assert(
      fc.property(
        fc.oneof(
          fc.array(piece, { maxLength: 40 }).map(parts => parts.join('')),
          fc.string({ unit: 'binary' }),
        ),
        text => {
          try {
            parse(text)
          } catch (error) {
            expect(error).toBeInstanceOf(ConfigError)
            for (const { place } of (error as ConfigError).problems)
              expect(place.line! * place.column!).toBeGreaterThan(0)
          }
        },
      ),
      { numRuns: 500 },
    )
  })

  test('a password in the broker’s url is not repeated', () => {
    for (const scheme of ['mqtt', 'tcp']) {
      const [found] = problems(SAMPLE.replace('mqtt://', `${scheme}://me:hunter2@`))
      expect(found).toMatchObject({ place: { field: 'upstream.url' } })
      expect(JSON.stringify(found)).not.toContain('hunter2')
    }
  })

  test('what is quoted cannot steer a terminal', () => {
    const [found] = problems(SAMPLE.replace('mill-3', '"\\e[2Jx"'))
    expect(found!.what).toMatch(/^[\x20-\x7e]*$/)
  })

  test('thousands of problems are cut short', () => {
    const text = Array.from({ length: 5_000 }, (_, index) => `k${index}:\n`).join('')
    expect(problems(text).length).toBeLessThanOrEqual(100)
  })
})

describe('loadConfig', () => {
  test('reads a file, and says which file could not be read', () => {
    const folder = mkdtempSync(join(tmpdir(), 'ringwall-config-'))
    try {
      const file = join(folder, 'ringwall.yaml')
      writeFileSync(file, SAMPLE)
      expect(loadConfig(file).identity.anchors[0]!.ca).toBe(join(folder, 'pki/root.pem'))
      writeFileSync(file, Buffer.from([0x73, 0xff, 0xfe]))
      expect(() => loadConfig(file)).toThrow('config_unreadable')
      expect(() => loadConfig(join(folder, 'none.yaml'))).toThrow(/none\.yaml: config_unreadable.*ENOENT/)
      expect(() => loadConfig(folder)).toThrow(/config_unreadable.*EISDIR/)
    } finally {
      rmSync(folder, { recursive: true })
    }
  })
})
