export { readOnnx } from './read.ts'
export { writeMember, writeOnnx } from './write.ts'
