import { createPublicKey } from 'node:crypto'
import { readFileSync } from 'node:fs'
import type { Verdict } from '@ringwall/learn/watermark'
import type { Command } from 'commander'
import { RingwallError } from '../base/error.ts'
import { keyId } from '../profile/dsse.ts'
import { onceEach } from './learn-beside.ts'
import { learning, readWhole } from './learn-input.ts'
import { fileDigest, isOfKey, type OpenedClaim, openClaim } from './learn-watermark-claim.ts'
import { readWatermarkKey } from './learn-watermark-key.ts'
import { type Outcome, runs, verb } from './verb.ts'

interface Options {
  readonly key: string
  readonly claim?: string
  readonly trust?: string
}

/** `ringwall learn watermark verify`: is a key's mark in this model? */
export function verifyVerb(group: Command): void {
  const command = verb(group, {
    name: 'verify <model>',
    summary:
      "Look for a key's mark in a model, and judge the claim; 1 where it is not there or the claim does not hold.",
    example: 'ringwall learn watermark verify suspect.model.json --key plant.wmkey --claim state.claim.json',
  })
    .requiredOption('--key <file>', 'the key of the mark')
    .option('--claim <file>', 'the signed claim; without it triggers are drawn as the model itself says')
    .option('--trust <file>', "the owner's public key (PEM), known from elsewhere: the claim must be signed by it")
  runs<Options>(command, ([model = '-'], options) => verify(model, options))
}

/** What was found about a claim; null where none was given. */
interface ClaimJudgment {
  readonly owner: string
  readonly date: string
  readonly signer: string
  readonly isSigned: boolean
  /** null where nobody said whom to trust. */
  readonly isTrusted: boolean | null
  /** Whether it was made with this key. */
  readonly isOfKey: boolean
  /** Whether the model is the very file that was claimed. A changed copy is another file, and may carry the mark. */
  readonly isSameFile: boolean
}

async function verify(file: string, { key: keyFile, claim: claimFile, trust }: Options): Promise<Outcome> {
  if (trust !== undefined && claimFile === undefined)
    throw new RingwallError('usage', '--trust is for a --claim', 'See --help for an example.')
  onceEach([file, claimFile], 'input')
  const { LEVEL, spaceIn, verifyMark } = await import('@ringwall/learn/watermark')
  const { readModel } = await import('@ringwall/learn/io')
  const key = await readWatermarkKey(keyFile)
  const opened =
    claimFile === undefined ? null : await learning(claimFile, async () => openClaim(readWhole(claimFile), claimFile))
  const trusted = trust === undefined ? null : keyId(publicKey(trust))
  const text = readWhole(file)
  const verdict = await learning(file, async () => {
    const model = await readModel(text)
    return await verifyMark(model, key, opened?.claim.space ?? spaceIn(model))
  })
  const claim =
    opened === null ? null : judged(opened, { trusted, isOfKey: await isOfKey(opened, key), digest: fileDigest(text) })
  const isGood = verdict.verified && (claim === null || holds(claim))
  return {
    status: isGood ? 0 : 1,
    text: [...found(verdict), ...(claim === null ? [] : said(claim)), conclusion(isGood, verdict, LEVEL)].join(''),
    json: { verified: isGood, level: LEVEL, mark: verdict, claim },
  }
}

function judged(
  { claim, isSigned, signer, sha256 }: OpenedClaim,
  { trusted, isOfKey: ofKey, digest }: { trusted: string | null; isOfKey: boolean; digest: string },
): ClaimJudgment {
  const { owner, date } = claim
  const isTrusted = trusted === null ? null : trusted === signer
  return { owner, date, signer, isSigned, isTrusted, isOfKey: ofKey, isSameFile: digest === sha256 }
}

const chance = (p: number): string => `p ${p < 0.001 ? p.toExponential(1) : Number(p.toPrecision(2))}`

const holds = (claim: ClaimJudgment): boolean => claim.isSigned && claim.isOfKey && claim.isTrusted !== false

function found({ bits, triggers, unasked }: Verdict): string[] {
  return [
    bits === null
      ? 'Bits: no layer that could carry them.\n'
      : `Bits: ${bits.agreeing} of ${bits.bits} agree in ${bits.layer}, ${chance(bits.p)}.\n`,
    triggers === null
      ? `Triggers: not asked for; ${unasked}.\n`
      : `Triggers: ${triggers.agreeing} of ${triggers.triggers} agree, ${chance(triggers.p)}.\n`,
  ]
}

function said(claim: ClaimJudgment): string[] {
  const { owner, date, signer, isSigned, isTrusted, isSameFile } = claim
  const trust =
    isTrusted === null
      ? ', whose owner nobody here vouches for'
      : isTrusted
        ? ', which is trusted'
        : ', which is NOT the trusted one'
  return [
    `Claim: ${owner}, ${date}; ${isSigned ? 'signed' : 'NOT signed'} by ${signer.slice(0, 16)}${trust}.\n`,
    `It was${claim.isOfKey ? '' : ' NOT'} made with this key, and the model is ${isSameFile ? 'the claimed file' : 'another file'}.\n`,
  ]
}

function conclusion(isGood: boolean, { verified, p }: Verdict, level: number): string {
  if (isGood) return `Verified: chance explains the mark with ${chance(p)}, below ${level}.\n`
  if (verified) return 'Not verified: the mark is there, but the claim does not hold.\n'
  return `Not verified: ${chance(p)} is not below ${level}.\n`
}

function publicKey(file: string) {
  try {
    return createPublicKey(readFileSync(file))
  } catch (error) {
    const what = 'it holds no public key that can be read'
    throw new RingwallError('key_unreadable', what, 'Name a PEM file with BEGIN PUBLIC KEY.', { file }, error)
  }
}
