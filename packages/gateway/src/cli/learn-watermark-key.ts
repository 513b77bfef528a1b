import type { WatermarkKey } from '@ringwall/learn/watermark'
import { RingwallError } from '../base/error.ts'
import { readSecret } from '../config/index.ts'
import { Flaw } from '../config/problem.ts'
import { learning } from './learn-input.ts'

/** Reads the key of a mark. Errors: `key_unreadable`, where it is open to others, too; `key_malformed`, `key_version`. */
export async function readWatermarkKey(file: string): Promise<WatermarkKey> {
  const { WatermarkKey } = await import('@ringwall/learn/watermark')
  const text = readSecret(file)
  if (text instanceof Flaw) throw new RingwallError('key_unreadable', text.what, text.hint, { file })
  return await learning(file, async () => WatermarkKey.read(text))
}
