import fc from 'fast-check'
import { expect, test } from 'vitest'
import { AddressBook } from './addresses.ts'

const bytesOf = (text: string) => new TextEncoder().encode(text)
const find = (book: AddressBook, text: string, hash = 0) => {
  // Inside a larger buffer, as a topic lies inside a packet.
  const bytes = bytesOf(`..${text}..`)
  return book.find(bytes, 2, bytes.length - 2, hash)
}

test('a topic that comes again is the same address, with what guards kept in it', () => {
  const book = new AddressBook(2)
  const address = find(book, 'plant/a')
  expect(address).toEqual({ bytes: bytesOf('plant/a'), text: 'plant/a', memo: [undefined, undefined] })
  address.memo[1] = 3
  expect(find(book, 'plant/a')).toBe(address)
})

test('topics whose hashes meet are told apart: nobody gets the decision of another topic', () => {
  const book = new AddressBook(1)
  const one = find(book, 'plant/allowed', 7)
  one.memo[0] = 'granted'
  const other = find(book, 'plant/refused', 7)
  expect(other.text).toBe('plant/refused')
  expect(other.memo).toEqual([undefined])
  expect(find(book, 'plant/allowed', 7)).toBe(one)
  expect(find(book, 'plant/allowe', 7).text).toBe('plant/allowe')
})

test('an address keeps its own copy of the bytes', () => {
  const book = new AddressBook(1)
  const bytes = bytesOf('plant/a')
  const address = book.find(bytes, 0, bytes.length, 1)
  bytes.fill(0x62)
  expect(address.bytes).toEqual(bytesOf('plant/a'))
})

test('what is made of a text is not kept', () => {
  const book = new AddressBook(1)
  book.make('plant/#').memo[0] = 1
  expect(book.make('plant/#').memo).toEqual([undefined])
})

test('a changed configuration forgets all decisions', () => {
  const book = new AddressBook(1)
  find(book, 'plant/a').memo[0] = 1
  book.forget(3)
  expect(find(book, 'plant/a').memo).toEqual([undefined, undefined, undefined])
})

test('any number of topics in any order is found right, by right or wrong hashes', () => {
  const topic = fc.record({ text: fc.integer({ min: 0, max: 600 }).map(String), hash: fc.integer({ min: 0, max: 40 }) })
  fc.assert(
    fc.property(fc.array(topic, { minLength: 300, maxLength: 900 }), topics => {
      const book = new AddressBook(1)
      for (const { text, hash } of topics) {
        const address = find(book, text, hash)
        expect(address.text).toBe(text)
        expect(address.memo[0] ?? text).toBe(text)
        address.memo[0] = text
      }
    }),
    { numRuns: 20 },
  )
})

test('a device that invents topics does not size the book: past 256 it is begun anew', () => {
  const book = new AddressBook(1)
  const first = find(book, 'first', 3)
  for (let i = 0; i < 256; i++) find(book, `topic-${i}`, i & 1)
  // The near entry still holds the first; a colliding topic takes its place, and then the book knows it no more.
  find(book, 'other', 3)
  expect(find(book, 'first', 3)).not.toBe(first)
})

test('a leading U+FEFF is part of the topic (MQTT-1.5.4-3)', () => {
  const book = new AddressBook(1)
  expect(find(book, '\ufeffplant/a').text).toBe('\ufeffplant/a')
  expect(find(book, 'plant/a').text).toBe('plant/a')
})

test('very long topics are not kept', () => {
  const book = new AddressBook(1)
  const long = `plant/${'x'.repeat(2_000)}`
  expect(find(book, long)).not.toBe(find(book, long))
})
