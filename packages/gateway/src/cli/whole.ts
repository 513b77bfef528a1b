import { InvalidArgumentError } from 'commander'

/** Reads an option's number: whole, and above 0. */
export function whole(text: string): number {
  const value = Number(text)
  if (Number.isInteger(value) && value > 0) return value
  throw new InvalidArgumentError('It is a whole number above 0.')
}
