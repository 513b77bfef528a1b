import { leafHash, rootFromInclusion } from '@ringwall/proof'
import { leavesOf, RECORD_BYTES, treeOfActs } from './act-batch.ts'
import { readParty, type SideFile } from './act-files.ts'
import { type ActRecord, LEAF_BYTES, type Party, partyBytes, partySalt, readLeaf } from './act-record.ts'
import { pathOf } from './act-tree.ts'
import { type Committer, opens } from './commitment.ts'
import { textAt, valueAt } from './entry.ts'
import type { Entry } from './ocsf.ts'

/** What proves one act of a batch, whose root is in an entry. All bytes in hex. */
export interface ActDisclosure {
  /** The act's number in its batch. */
  readonly index: number
  /** The leaf that holds it: acts of others in it stay hidden behind their commitments. */
  readonly leaf: string
  readonly path: readonly string[]
  /** Whose act, and the salt under which the leaf commits to it. */
  readonly party: string
  readonly salt: string
}

/** What discloses the bytes that an entry commits to. */
export interface PayloadDisclosure {
  readonly bytes: string
  readonly salt: string
}

/** What a disclosure comes to: the act, or the exact reason why it does not hold. */
export type ActFound =
  | { readonly ok: true; readonly act: ActRecord; readonly party: Party }
  | { readonly ok: false; readonly code: ActFlaw; readonly why: string }

export type ActFlaw = 'act_malformed' | 'act_none' | 'act_range' | 'act_inclusion_mismatch' | 'act_party_mismatch'

/** What the entry of a batch says. Null where it is no such entry. */
export function batchOf(
  entry: Entry,
): { root: Buffer; nonce: Buffer; count: number; group: number; file: string } | null {
  const count = valueAt(entry, 'unmapped', 'count')
  const group = valueAt(entry, 'unmapped', 'group')
  const root = fromHex(textAt(entry, 'unmapped', 'root'), 32)
  const nonce = fromHex(textAt(entry, 'unmapped', 'nonce'), 16)
  if (typeof count !== 'number' || typeof group !== 'number' || root === null || nonce === null) return null
  if (!Number.isSafeInteger(count) || !Number.isSafeInteger(group) || count < 1 || group < 1) return null
  return { root, nonce, count, group, file: textAt(entry, 'unmapped', 'file') }
}

/** Proves act `index` of a batch. @returns null where the batch has no such act, or the side file is not the one of the entry */
export function discloseAct(entry: Entry, side: SideFile, index: number, committer: Committer): ActDisclosure | null {
  const batch = batchOf(entry)
  if (batch === null || !(index >= 0 && index < batch.count)) return null
  const { nonce, group } = batch
  const parts = { ...side, nonce, group }
  const tree = treeOfActs(parts, committer)
  if (!tree[tree.length - 1].equals(batch.root)) return null
  const leaf = Math.floor(index / group)
  const size = group * LEAF_BYTES
  const leaves = leavesOf(parts, committer)
  const party = side.records.readUInt32BE(index * RECORD_BYTES)
  return {
    index,
    leaf: leaves.subarray(leaf * size, (leaf + 1) * size).toString('hex'),
    path: pathOf(tree, leaf).map(each => each.toString('hex')),
    party: Buffer.from(partyBytes(side.parties[party])).toString('hex'),
    salt: Buffer.from(partySalt(committer, nonce, party)).toString('hex'),
  }
}

/** Checks what is said to be an act of an entry's batch, with nothing but the entry. */
export function checkAct(entry: Entry, disclosure: ActDisclosure): ActFound {
  const batch = batchOf(entry)
  if (batch === null) return flaw('act_none', 'the entry holds no batch of acts')
  const { index } = disclosure
  if (!Number.isSafeInteger(index) || index < 0 || index >= batch.count) {
    return flaw('act_range', `the batch has ${batch.count} acts, none is number ${index}`)
  }
  const leaf = fromHex(disclosure.leaf)
  const salt = fromHex(disclosure.salt, 32)
  const bytes = fromHex(disclosure.party)
  const path = disclosure.path.map(each => fromHex(each, 32))
  if (leaf === null || salt === null || bytes === null || !isWhole(path))
    return flaw('act_malformed', 'it is not in hex')
  const leaves = Math.ceil(batch.count / batch.group)
  const root = rootFromInclusion(Math.floor(index / batch.group), leaves, leafHash(leaf), path)
  if (root === null || !batch.root.equals(root)) {
    return flaw('act_inclusion_mismatch', 'the leaf does not lead to the root that the entry has')
  }
  const at = (index % batch.group) * LEAF_BYTES
  if (leaf.length < at + LEAF_BYTES) return flaw('act_malformed', 'the leaf is too short')
  const { party: commitment, act } = readLeaf(leaf.subarray(at, at + LEAF_BYTES))
  const party = readParty(bytes)
  if (party === null || !opens(commitment, salt, bytes)) {
    return flaw('act_party_mismatch', 'the act is not that of the device and topic that are named')
  }
  return { ok: true, act, party }
}

/** Discloses the bytes that an entry commits to. @returns null where it commits to none, or not to these */
export function disclosePayload(entry: Entry, bytes: Uint8Array, committer: Committer): PayloadDisclosure | null {
  const nonce = fromHex(textAt(entry, 'unmapped', 'commitment', 'nonce'), 16)
  if (nonce === null) return null
  const disclosure = {
    bytes: Buffer.from(bytes).toString('hex'),
    salt: Buffer.from(committer.salt(nonce)).toString('hex'),
  }
  return checkPayload(entry, disclosure) === 'ok' ? disclosure : null
}

/** Checks that an entry commits to these bytes, with nothing but the entry. */
export function checkPayload(
  entry: Entry,
  { bytes, salt }: PayloadDisclosure,
): 'ok' | 'payload_none' | 'payload_mismatch' {
  const digest = fromHex(textAt(entry, 'unmapped', 'commitment', 'digest'), 32)
  if (digest === null) return 'payload_none'
  const [said, under] = [fromHex(bytes), fromHex(salt, 32)]
  return said !== null && under !== null && opens(digest, under, said) ? 'ok' : 'payload_mismatch'
}

function flaw(code: ActFlaw, why: string): ActFound {
  return { ok: false, code, why }
}

function isWhole(path: readonly (Buffer | null)[]): path is readonly Buffer[] {
  return !path.includes(null)
}

/** Null where it is no hex, or has another length. */
function fromHex(text: unknown, length?: number): Buffer | null {
  if (typeof text !== 'string' || !/^(?:[0-9a-f]{2})*$/.test(text)) return null
  const bytes = Buffer.from(text, 'hex')
  return length === undefined || bytes.length === length ? bytes : null
}
