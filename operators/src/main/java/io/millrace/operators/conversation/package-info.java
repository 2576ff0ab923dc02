/**
 * The conversation operator: answers the turns of each conversation in order and keeps its history.
 * Its inbox and history are keyed state; all else is rebuilt from them.
 *
 * <p>Depends on {@code record}, {@code serving}, the engine's API and the schemas. It doesn't know
 * {@code documents}.
 */
package io.millrace.operators.conversation;
