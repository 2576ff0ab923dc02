/**
 * Conversations to prompts: how each model family writes system message, turns and answers as token
 * ids, and which turns are left out when a history gets too long.
 *
 * <p>Depends on {@code tokenize} and on what {@code model} says about the chat format.
 */
package io.millrace.engine.chat;
