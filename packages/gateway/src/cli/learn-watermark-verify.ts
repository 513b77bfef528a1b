import type { Verdict } from '@ringwall/learn/watermark'
import type { Command } from 'commander'
import { RingwallError } from '../base/error.ts'
import { onceEach } from './learn-beside.ts'
import { hintOf } from './learn-hints.ts'
import { learning, readBytes, readWhole } from './learn-input.ts'
import { fileDigest, isOfKey, type OpenedClaim, openClaim } from './learn-watermark-claim.ts'
import {
  chance,
  claimLines,
  conclusion,
  findingOf,
  judgedClaim,
  type NamingOptions,
  namingOf,
  renames,
  triggerLines,
  trusted,
} from './learn-watermark-judge.ts'
import { readWatermarkKey } from './learn-watermark-key.ts'
import { printable } from './output.ts'
import { type Outcome, runs, verb } from './verb.ts'

interface Options extends NamingOptions {
  readonly key: string
  readonly claim?: string
  readonly trust?: string
}

/** `ringwall learn watermark verify`: is a key's mark in this model? */
export function verifyVerb(group: Command): void {
  const command = verb(group, {
    name: 'verify <model>',
    summary:
      "Look for a key's mark in a model, and judge the claim; 1 where it is not there, or the claim does not hold or nobody vouches for its signer.",
    example:
      'ringwall learn watermark verify suspect.model.json --key plant.wmkey --claim state.claim.json --trust owner.pub',
  })
    .requiredOption('--key <file>', 'the key of the mark')
    .option('--claim <file>', 'the signed claim; without it triggers are drawn as the model itself says')
    .option('--trust <file>', "the owner's public key (PEM), known from elsewhere: the claim must be signed by it")
    .option('--classes <old=new,...>', 'classes that the suspect calls otherwise than the claim', renames)
    .option('--columns <old=new,...>', 'columns that the suspect calls otherwise than the claim', renames)
  runs<Options>(command, ([model = '-'], options) => verify(model, options))
}

async function verify(file: string, options: Options): Promise<Outcome> {
  const { key: keyFile, claim: claimFile } = options
  if (options.trust !== undefined && claimFile === undefined)
    throw new RingwallError('usage', '--trust is for a --claim', 'See --help for an example.')
  onceEach([file, claimFile], 'input')
  const { HINT_LEVEL, LEVEL, spaceIn, verifyMark } = await import('@ringwall/learn/watermark')
  const { readModel } = await import('@ringwall/learn/io')
  const key = await readWatermarkKey(keyFile)
  const opened = await openedOf(claimFile)
  const trust = trusted(options.trust)
  const bytes = readBytes(file)
  refuseOnnx(bytes, file)
  const verdict = await learning(file, async () => {
    const model = await readModel(new TextDecoder().decode(bytes))
    return await verifyMark(model, key, opened?.claim.space ?? spaceIn(model), namingOf(options))
  })
  refuseUntested(verdict, file)
  const isSameFile = opened !== null && fileDigest(bytes) === opened.sha256
  const claim = opened === null ? null : judgedClaim(opened, { trust, isOfKey: await isOfKey(opened, key), isSameFile })
  const found = { p: verdict.p, level: LEVEL, hintLevel: HINT_LEVEL }
  const finding = findingOf(found, claim)
  const lines = [...markLines(verdict), ...(claim === null ? [] : claimLines(claim)), conclusion(finding, found)]
  return {
    status: finding === 'verified' ? 0 : 1,
    text: lines.join(''),
    json: { verified: finding === 'verified', finding, level: LEVEL, hintLevel: HINT_LEVEL, mark: verdict, claim },
  }
}

async function openedOf(file: string | undefined): Promise<OpenedClaim | null> {
  return file === undefined ? null : await learning(file, async () => openClaim(readWhole(file), file))
}

/** A model of another house has no weights that are read here, and answers as any. Its first byte is the tag of its version (ONNX, ModelProto). */
function refuseOnnx(bytes: Uint8Array, file: string): void {
  if (bytes[0] !== 0x08 && !file.endsWith('.onnx')) return
  const hint = 'Ask it for the rows of ringwall learn watermark triggers, and judge them with answers.'
  throw new RingwallError('model_onnx', 'an ONNX model is not read here', hint, { file })
}

/** Where neither mark could be looked for, nothing was found out. Errors: `usage`, and why the model could not be asked. */
function refuseUntested({ bits, triggers, unasked }: Verdict, file: string): void {
  if (bits !== null || triggers !== null || unasked === null) return
  if (unasked.code === 'claim_missing')
    throw new RingwallError('usage', unasked.what, 'Name the claim with --claim.', { file })
  throw new RingwallError(unasked.code, unasked.what, hintOf(unasked.code), { file })
}

function markLines({ bits, triggers, unasked }: Verdict): string[] {
  return [
    bits === null
      ? 'Bits: no layer that could carry them.\n'
      : `${printable(`Bits: ${bits.agreeing} of ${bits.bits} agree in ${bits.layer}, ${chance(bits.p)}.`)}\n`,
    ...(triggers === null
      ? [`${printable(`Triggers: not asked for (${unasked?.code}); ${unasked?.what}.`)}\n`]
      : triggerLines(triggers)),
  ]
}
