export * from './mqtt/index.ts'
