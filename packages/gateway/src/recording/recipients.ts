import { Encrypter } from 'age-encryption'
import type { Problem } from '../config/index.ts'

/** Which of the texts in `record.to` are no recipients of age: `recording_recipient`. */
export function recipientProblems(recipients: readonly string[]): Problem[] {
  const encrypter = new Encrypter()
  return recipients.flatMap((recipient, index) => {
    try {
      encrypter.addRecipient(recipient)
      return []
    } catch {
      const what = 'it is no recipient of age'
      const hint = '`ringwall record keygen` makes a pair; the line that begins with age1 belongs here.'
      return [{ code: 'recording_recipient', what, hint, place: { field: `record.to[${index}]` } }]
    }
  })
}
