import type { Command } from 'commander'
import { RingwallError, systemCode } from '../base/error.ts'
import { unwritable } from './learn-outputs.ts'
import { embedVerb } from './learn-watermark-embed.ts'
import { answersVerb, triggersVerb } from './learn-watermark-triggers.ts'
import { verifyVerb } from './learn-watermark-verify.ts'
import { createSecret } from './learn-write.ts'
import { printable } from './output.ts'
import { type Outcome, runs, verb } from './verb.ts'

/** `ringwall learn watermark`: whose model is this? */
export function watermarkVerb(learn: Command): void {
  const group = learn
    .command('watermark')
    .description('Mark a model so that its owner can be proven, and look for a mark.')
  const command = verb(group, {
    name: 'key <file>',
    summary: 'Make a key to mark models with (mode 0600): whoever has it can prove the mark, or take it out.',
    example: 'ringwall learn watermark key plant.wmkey',
  })
  runs(command, ([file = '']) => makeKey(file))
  embedVerb(group)
  verifyVerb(group)
  triggersVerb(group)
  answersVerb(group)
}

async function makeKey(file: string): Promise<Outcome> {
  const { WatermarkKey } = await import('@ringwall/learn/watermark')
  if (file === '-')
    throw new RingwallError('usage', 'a key is not written to standard output', 'Name a file for it: plant.wmkey.')
  try {
    createSecret(file, WatermarkKey.make().secretText())
  } catch (error) {
    const code = systemCode(error)
    if (code === '') throw error
    if (code !== 'EEXIST') throw unwritable(file, code, error)
    throw new RingwallError(
      'file_taken',
      'it is there',
      'Choose another name; nothing is overwritten.',
      { file },
      error,
    )
  }
  return { status: 0, text: `${printable(file)}: keep it secret, and keep it.\n`, json: { key: file } }
}
