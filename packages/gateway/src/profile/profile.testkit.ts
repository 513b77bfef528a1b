import { ConfigError, type Problem } from '../config/problem.ts'
import type { ProfileBook } from './book.ts'
import { compileProfiles, type ProfileSite } from './compile.ts'

type Members = Record<string, unknown>

const FORM = { href: 'mqtts://gateway:8883', op: 'observeproperty', contentType: 'application/json' }

/** A form on a topic. */
export const form = (topic: string, parts: Members = {}): Members => ({ ...FORM, 'mqv:topic': topic, ...parts })

/** A profile with what a test cares about. */
export function profile(parts: Members = {}): Members {
  return {
    '@context': [
      'https://www.w3.org/2022/wot/td/v1.1',
      { mqv: 'http://www.example.org/mqtt-binding#', rw: 'urn:ringwall:ns:profile:1#' },
    ],
    id: 'urn:ringwall:profile:level',
    title: 'Level sensor',
    securityDefinitions: { tls: { scheme: 'auto' } },
    security: 'tls',
    'rw:devices': ['level-*'],
    ...parts,
  }
}

/** Its telemetry. */
export function telemetry(parts: Members = {}, values: Members = {}): Members {
  return {
    type: 'object',
    properties: {
      n: { type: 'integer', minimum: 0 },
      ts: { type: 'integer', minimum: 0 },
      device: { const: '${device}' },
      value: { type: 'number', minimum: 0, maximum: 2, unit: 'm', 'rw:name': 'level' },
      unit: { enum: ['m', 'cm'] },
      cm: { type: 'number', unit: 'cm' },
      check: { type: 'integer' },
      ...values,
    },
    required: ['n', 'ts', 'device', 'value', 'unit'],
    additionalProperties: false,
    forms: [form('${site}/${device}/telemetry', { 'mqv:qos': '1', 'mqv:retain': false })],
    ...parts,
  }
}

/** A sensor with one property. */
export const sensor = (parts: Members = {}, values: Members = {}): Members =>
  profile({ properties: { telemetry: telemetry(parts, values) } })

/** A device with a state and a command, and the controller that tells the mode. */
export const controller = (): Members =>
  profile({
    id: 'urn:ringwall:profile:controller',
    title: 'Controller',
    'rw:devices': ['controller-1'],
    properties: {
      state: {
        type: 'object',
        properties: { mode: { enum: ['normal', 'shutdown'], 'rw:name': 'mode' } },
        required: ['mode'],
        forms: [form('${site}/${device}/state')],
      },
    },
  })

export const pump = (parts: Members = {}): Members =>
  profile({
    id: 'urn:ringwall:profile:pump',
    title: 'Pump',
    'rw:devices': ['pump-*'],
    actions: {
      set: {
        input: { type: 'object', properties: { value: { type: 'number', maximum: 1 } }, required: ['value'] },
        'rw:senders': ['controller'],
        'rw:modes': ['normal'],
        'rw:maximumRate': { messages: '4/s', burst: 8 },
        forms: [{ href: 'mqtts://gateway:8883', op: 'invokeaction', 'mqv:topic': '${site}/${device}/set' }],
        ...parts,
      },
    },
  })

export const SITE: ProfileSite = { site: 'mill-3', mode: 'controller-1/mode' }

export function book(profiles: readonly Members[], site: ProfileSite = SITE): ProfileBook {
  const sources = profiles.map((each, index) => ({ file: `${index}.td.json`, text: JSON.stringify(each) }))
  return compileProfiles(sources, site)
}

/** What is wrong with profiles, as `code pointer`. */
export function problems(profiles: readonly Members[], site: ProfileSite = SITE): string[] {
  return problemsOf(() => book(profiles, site)).map(({ code, place }) => `${code} ${place.field}`)
}

export function problemsOf(compile: () => unknown): readonly Problem[] {
  try {
    compile()
    return []
  } catch (error) {
    if (error instanceof ConfigError) return error.problems
    throw error
  }
}
