/**
 * The values that the conversation operator keeps in keyed state. Every savepoint holds them under
 * these names and fields, so they change only with a migration.
 *
 * <p>Depends on {@code record} and the schemas; the operator's logic is not here.
 */
package io.millrace.operators.conversation.state;
