//! What an application holds: the client, its builder, and the stream of an answer.
