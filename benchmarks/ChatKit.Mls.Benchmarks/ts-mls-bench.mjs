// One line "<suite name> <size>" on stdin runs a round; one line of JSON with microseconds and bytes on stdout answers it.
import { createInterface } from "node:readline"
import {
  acceptAll, createApplicationMessage, createCommit, createGroup, decodeMlsMessage, defaultLifetime, emptyPskIndex, encodeGroupState, encodeMlsMessage,
  generateKeyPackage, getCiphersuiteFromName, getCiphersuiteImpl, joinGroup, processMessage,
} from "ts-mls"

const messages = 50
const capabilities = (suite) => ({ versions: ["mls10"], ciphersuites: [suite], extensions: [], proposals: [], credentials: ["basic"] })

async function timed(action) {
  const started = performance.now()
  const result = await action()
  return [(performance.now() - started) * 1000, result]
}

async function round(suite, size) {
  const cs = await getCiphersuiteImpl(getCiphersuiteFromName(suite))
  const members = []
  for (let i = 0; i < size; i++) {
    members.push(await generateKeyPackage(
      { credentialType: "basic", identity: new TextEncoder().encode(`member ${i}`) }, capabilities(suite), defaultLifetime, [], cs))
  }
  const figures = {}
  let creator = await createGroup(new TextEncoder().encode("benchmark"), members[0].publicPackage, members[0].privatePackage, [], cs)
  const [create, added] = await timed(async () => {
    const result = await createCommit({ state: creator, cipherSuite: cs }, {
      extraProposals: members.slice(1).map((m) => ({ proposalType: "add", add: { keyPackage: m.publicPackage } })), ratchetTreeExtension: true,
    })
    return [encodeMlsMessage({ version: "mls10", wireformat: "mls_welcome", welcome: result.welcome }), result.newState]
  })
  figures.create = create
  creator = added[1]
  figures["welcome bytes"] = added[0].length
  let member
  ;[figures.join, member] = await timed(() => joinGroup(decodeMlsMessage(added[0], 0)[0].welcome, members[1].publicPackage, members[1].privatePackage, emptyPskIndex, cs))
  const commit = async (proposals) => {
    const result = await createCommit({ state: creator, cipherSuite: cs }, { extraProposals: proposals })
    return [encodeMlsMessage(result.commit), result.newState]
  }
  const receive = async (bytes) => {
    const result = await processMessage(decodeMlsMessage(bytes, 0)[0], member, emptyPskIndex, acceptAll, cs)
    member = result.newState
  }
  let made
  ;[figures.update, made] = await timed(() => commit([]))
  creator = made[1]
  figures["commit bytes"] = made[0].length
  ;[figures.process] = await timed(() => receive(made[0]))
  const sent = []
  const plaintext = new Uint8Array(1024)
  const [encrypt] = await timed(async () => {
    for (let i = 0; i < messages; i++) {
      const result = await createApplicationMessage(creator, plaintext, cs)
      creator = result.newState
      sent.push(encodeMlsMessage({ version: "mls10", wireformat: "mls_private_message", privateMessage: result.privateMessage }))
    }
  })
  figures.encrypt = encrypt / messages
  figures["message bytes"] = sent[0].length
  await receive(sent[0])
  await receive(sent[1])
  const [decrypt] = await timed(async () => {
    for (let i = 2; i < messages; i++) await receive(sent[i])
  })
  figures.decrypt = decrypt / (messages - 2)
  figures["state bytes"] = encodeGroupState(member).length
  if (size > 2) {
    ;[figures.remove, made] = await timed(() => commit([{ proposalType: "remove", remove: { removed: size - 1 } }]))
    creator = made[1]
    await receive(made[0])
  }
  return figures
}

for await (const line of createInterface({ input: process.stdin })) {
  const [suite, size] = line.split(" ")
  process.stdout.write(JSON.stringify(await round(suite, Number(size))) + "\n")
}
