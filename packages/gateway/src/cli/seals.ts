import { randomBytes } from 'node:crypto'
import { closeSync, fsyncSync, openSync, writeSync } from 'node:fs'
import { deviceSecret, SECRET_BYTES } from '@ringwall/proof'
import type { Command } from 'commander'
import { RingwallError, systemCode } from '../base/error.ts'
import { DEVICE_ID, loadConfig } from '../config/index.ts'
import { readSealSecret } from '../keys/seals.ts'
import { type Outcome, runs, verb } from './verb.ts'

/** `ringwall seals`: the secret of the site, and those of its devices. */
export function sealsVerb(program: Command): void {
  const group = program.command('seals').description('Secrets with which devices seal what they say.')
  const init = verb(group, {
    name: 'init [file]',
    summary: 'Make the secret of the site, from which those of all devices come.',
    example: 'ringwall seals init seals.secret',
  })
  runs<object>(init, ([file = 'seals.secret']) => made(file))
  const secret = verb(group, {
    name: 'secret <device>',
    summary: 'Print the secret of one device in hex, to be put into it.',
    example: 'ringwall seals secret pump-1 --config ringwall.yaml',
  }).option('--config <file>', 'the configuration that names the secret of the site', 'ringwall.yaml')
  runs<{ config: string }>(secret, ([device = ''], { config }) => ofDevice(device, config))
}

function made(file: string): Outcome {
  try {
    const descriptor = openSync(file, 'wx', 0o600)
    try {
      writeSync(descriptor, `${randomBytes(SECRET_BYTES).toString('hex')}\n`)
      fsyncSync(descriptor)
    } finally {
      closeSync(descriptor)
    }
  } catch (error) {
    const code = systemCode(error)
    const what = code === 'EEXIST' ? `${file} is there already` : `${file} cannot be written (${code})`
    throw new RingwallError('file_unusable', what, 'Name another file: all devices would need new secrets.', { file })
  }
  const text = `${file} holds the secret of the site: keep a copy where the gateway is not.\nseals: { secret: ${file} }   # in ringwall.yaml\n`
  return { status: 0, text, json: { file } }
}

function ofDevice(device: string, file: string): Outcome {
  const config = loadConfig(file)
  const site = readSealSecret(config)
  if (site === null) {
    throw new RingwallError(
      'seals_off',
      'seals are off',
      'Run `ringwall seals init`, and name its file in seals.secret.',
    )
  }
  if (!DEVICE_ID.test(device)) {
    throw new RingwallError(
      'device_invalid',
      `${JSON.stringify(device)} is no device id`,
      'Write it as its certificate has it.',
    )
  }
  const secret = Buffer.from(deviceSecret(site, config.site, device)).toString('hex')
  return { status: 0, text: `${secret}\n`, json: { device, secret } }
}
