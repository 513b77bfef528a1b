import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { book, problems, profile } from './profile.testkit.ts'
import { MOST_BYTES, SparkplugDesk } from './sparkplug.ts'

type Members = Record<string, unknown>

const PAGE = readFileSync(new URL('../../../../docs/sparkplug.md', import.meta.url), 'utf8')
const EXAMPLES: Members[] = [...PAGE.matchAll(/```json\n([\s\S]*?)```/g)].map(([, text]) => JSON.parse(text!))
const FORM = { href: 'mqtts://gateway:8883', op: 'invokeaction', contentType: 'application/x-sparkplug-b' }

describe('the page', () => {
  test('has examples that compile', () => {
    expect(EXAMPLES.length).toBeGreaterThan(0)
    expect(problems(EXAMPLES)).toEqual([])
  })

  test('and that mean what it says', () => {
    const site = book(EXAMPLES)
    const up = (speaker: string, topic: string) => {
      const found = site.up(speaker, `spBv1.0/mill-3/${topic}`)
      return typeof found === 'string' ? found : `${found.rule.kind} ${found.rule.name}`
    }
    const down = (device: string, topic: string) => {
      const found = site.down(device, `spBv1.0/mill-3/${topic}`, false)
      return found === null || typeof found === 'string' ? found : `${found.rule.kind} ${found.rule.name}`
    }
    expect(up('edge-1', 'NDATA/edge-1')).toBe('telemetry node')
    expect(up('edge-1', 'DDATA/edge-1/press-1')).toBe('telemetry press')
    expect(up('edge-1', 'DDATA/edge-1/press-2')).toBe('undeclared')
    expect(up('edge-1', 'DDATA/edge-2/press-1')).toBe('undeclared')
    expect(up('edge-1', 'NCMD/edge-1')).toBe('command control')
    expect(up('host-1', 'DCMD/edge-1/press-1')).toBe('command limit')
    expect(down('edge-1', 'DCMD/edge-1/press-1')).toBe('command limit')
    expect(down('edge-1', 'DCMD/edge-1/press-2')).toBe('command')
    expect(down('edge-1', 'NCMD/edge-2')).toBe('command')
    expect(down('host-1', 'NCMD/edge-1')).toBe(null)
  })

  test('states the bound', () => expect(PAGE).toContain(`${MOST_BYTES / 1024 ** 2} MiB`))
})

describe('actions of an edge node', () => {
  const write = (topic: string, parts: Members = {}) =>
    problems([
      profile({
        'rw:devices': ['edge-*'],
        actions: {
          write: {
            input: { type: 'object', properties: { limit: { type: 'number' } } },
            forms: [{ ...FORM, 'mqv:filter': topic }],
            ...parts,
          },
        },
      }),
    ])

  test.each(['spBv1.0/${site}/NCMD/${device}', 'spBv1.0/${site}/DCMD/${device}/press', 'spBv1.0/+/DCMD/${device}/+'])(
    '%s',
    topic => expect(write(topic)).toEqual([]),
  )

  test.each([
    'spBv1.0/${site}/+/${device}',
    'spBv1.0/${site}/NCMD/${device}/press',
    'spBv1.0/${site}/DCMD/${device}',
    'spBv1.0/${site}/DCMD/${device}/#',
    'spBv1.0/${site}/NDATA/${device}',
    'spBv1.0/${site}/DCMD/+/${device}',
    'spAv1.0/${site}/NCMD/${device}',
    '${site}/${device}/set',
  ])('%s is refused', topic => expect(write(topic)).toContain('profile_topic /actions/write/forms/0'))

  test('they say which metrics may be written, each by itself', () => {
    const topic = 'spBv1.0/${site}/NCMD/${device}'
    expect(write(topic, { input: undefined })).toEqual(['profile_missing /actions/write/input'])
    expect(write(topic, { input: { type: 'object', minProperties: 1 } })).toEqual([
      'profile_schema /actions/write/input',
    ])
  })
})

describe('the desk', () => {
  test('counts what its nodes take, and a connection begins with nothing', () => {
    const desk = new SparkplugDesk()
    desk.connect('edge-1')
    const empty = desk.used
    for (let i = 0; i < 1_000; i++) desk.connect(`edge-${i}`)
    expect([desk.used, desk.size]).toEqual([empty * 1_000, 1_000])
    expect(empty).toBeLessThan(1_100)
    for (let i = 0; i < 1_000; i++) desk.forget(`edge-${i}`)
    expect([desk.used, desk.size]).toEqual([0, 0])
  })
})
