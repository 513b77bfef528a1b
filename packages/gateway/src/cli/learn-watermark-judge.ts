import { createPublicKey, type KeyObject } from 'node:crypto'
import { readFileSync } from 'node:fs'
import type { Naming, TriggerReading } from '@ringwall/learn/watermark'
import { InvalidArgumentError } from 'commander'
import { RingwallError } from '../base/error.ts'
import { keyId } from '../profile/dsse.ts'
import { names } from './learn-input.ts'
import type { OpenedClaim } from './learn-watermark-claim.ts'
import { printable } from './output.ts'

/** What was found about a claim. */
export interface ClaimJudgment {
  readonly owner: string
  readonly date: string
  readonly signer: string
  readonly isSigned: boolean
  /** null where nobody said whom to trust. */
  readonly isTrusted: boolean | null
  /** Whether it was made with this key, for this owner, signer, space and model. */
  readonly isOfKey: boolean
  /** Whether the model is the very file that was claimed; null where there is none. A changed copy is another file, and may carry the mark. */
  readonly isSameFile: boolean | null
}

export function judgedClaim(
  { claim, isSigned, signer }: OpenedClaim,
  { trust, isOfKey, isSameFile }: { trust: string | null; isOfKey: boolean; isSameFile: boolean | null },
): ClaimJudgment {
  const { owner, date } = claim
  const isTrusted = trust === null ? null : isSigned && trust === signer
  return { owner, date, signer, isSigned, isTrusted, isOfKey, isSameFile }
}

/** What comes of a mark and a claim together. */
export type Finding = 'verified' | 'not_vouched' | 'claim_fails' | 'hint' | 'absent'

/** How sure the mark is. */
export interface Chance {
  readonly p: number
  /** Below it the mark is there. */
  readonly level: number
  /** Below it there is a hint. */
  readonly hintLevel: number
}

export function findingOf({ p, level, hintLevel }: Chance, claim: ClaimJudgment | null): Finding {
  if (p >= level) return p < hintLevel ? 'hint' : 'absent'
  if (claim === null) return 'verified'
  if (!claim.isSigned || !claim.isOfKey || claim.isTrusted === false) return 'claim_fails'
  return claim.isTrusted === null ? 'not_vouched' : 'verified'
}

export function conclusion(finding: Finding, { p, level, hintLevel }: Chance): string {
  const below = level.toPrecision(2)
  switch (finding) {
    case 'verified':
      return `Verified: chance explains the mark with ${chance(p)}, below ${below}.\n`
    case 'not_vouched':
      return `Matches, signer not vouched for: the mark is there with ${chance(p)}; name the owner's public key with --trust.\n`
    case 'claim_fails':
      return 'Not verified: the mark is there, but the claim does not hold.\n'
    case 'hint':
      return `A hint, not verified: ${chance(p)} is below ${hintLevel}, and not below ${below}.\n`
    case 'absent':
      return `Not verified: ${chance(p)} is not below ${below}.\n`
  }
}

export function claimLines({ owner, date, signer, isSigned, isTrusted, isOfKey, isSameFile }: ClaimJudgment): string[] {
  const who = signer.slice(0, 16)
  const trusted =
    isTrusted === null
      ? ', for which nobody here vouches'
      : isTrusted
        ? ', the key of --trust'
        : ', NOT the key of --trust'
  const signed = isSigned ? `signed by ${who}${trusted}` : `NOT signed by ${who}, the key that it names`
  const file = isSameFile === null ? '' : `, and the model is ${isSameFile ? 'the claimed file' : 'another file'}`
  return [
    `${printable(`Claim: ${owner}, ${date}; ${signed}.`)}\n`,
    `It was${isOfKey ? '' : ' NOT'} made with this key${file}.\n`,
  ]
}

/** From this share on the answers are as good as one. */
const NEARLY_ALL = 0.9

export function triggerLines({ agreeing, triggers, commonest, ways, p }: TriggerReading): string[] {
  return [
    `Triggers: ${agreeing} of ${triggers} agree, ${chance(p)}.\n`,
    ways > 1 ? `Names were matched afterwards: p is multiplied by the ${ways} ways to do so.\n` : '',
    commonest >= NEARLY_ALL * triggers
      ? `One class was said to ${commonest} of ${triggers}: such answers tell nothing of a mark.\n`
      : '',
  ]
}

export const chance = (p: number): string => `p ${p < 0.001 ? p.toExponential(1) : Number(p.toPrecision(2))}`

/** The name of the public key that `--trust` names; null where it does not. Errors: `key_unreadable`, `key_private`. */
export function trusted(file: string | undefined): string | null {
  return file === undefined ? null : keyId(publicKey(file))
}

function publicKey(file: string): KeyObject {
  let text: string
  let key: KeyObject | null = null
  try {
    text = readFileSync(file, 'utf8')
    if (!text.includes('PRIVATE KEY')) key = createPublicKey(text)
  } catch (error) {
    const what = 'it holds no public key that can be read'
    throw new RingwallError('key_unreadable', what, 'Name a PEM file with BEGIN PUBLIC KEY.', { file }, error)
  }
  if (key !== null) return key
  const hint = 'Name the public half, the .pub file; nobody but its owner may have the private one.'
  throw new RingwallError('key_private', 'it holds a private key', hint, { file })
}

/** Options that say what a suspect calls otherwise. */
export interface NamingOptions {
  readonly classes?: ReadonlyMap<string, string>
  readonly columns?: ReadonlyMap<string, string>
}

export const namingOf = ({ classes = new Map(), columns = new Map() }: NamingOptions): Naming => ({ classes, columns })

/** Takes `old=new,…`: what the claim calls so, and the suspect otherwise. */
export function renames(text: string): ReadonlyMap<string, string> {
  const pairs = names(text).map(pair => [pair.slice(0, pair.indexOf('=')), pair.slice(pair.indexOf('=') + 1)] as const)
  const olds = new Set(pairs.map(([old]) => old))
  if (pairs.length === 0 || names(text).some(pair => !/^[^=]+=.+$/.test(pair)) || olds.size < pairs.length)
    throw new InvalidArgumentError("It is old=new, with commas: the claim's name, and the suspect's.")
  return new Map(pairs)
}
