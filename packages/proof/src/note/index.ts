export { type Checkpoint, readCheckpoint, writeCheckpoint } from './checkpoint.ts'
export {
  Kind,
  readVerifier,
  type Signer,
  signerOf as noteSignerOf,
  type Verifier,
  verifierOf,
  verifierText,
} from './keys.ts'
export { type Note, type NoteSignature, readNote, type Signed, signNote, verifyNote, writeNote } from './note.ts'
