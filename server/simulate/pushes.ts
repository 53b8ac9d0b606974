import { answerSchemas, makeDecoder } from '../../shared/protocol/codec.ts'
import { agentPushSchemas, visitorPushSchemas } from '../../shared/protocol/events.ts'

/** What a widget understands of the server. */
export const decodeVisitorPush = makeDecoder({ ...visitorPushSchemas, ...answerSchemas })

/** What a console understands of the server. */
export const decodeAgentPush = makeDecoder({ ...agentPushSchemas, ...answerSchemas })
