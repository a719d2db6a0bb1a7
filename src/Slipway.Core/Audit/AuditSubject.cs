namespace Slipway.Core;

/// <summary>What an action is about.</summary>
/// <param name="Kind">Kind of thing, in lower case: <c>model</c>, <c>alias</c>, <c>run</c>, <c>key</c>, <c>route</c>.</param>
/// <param name="Name">Which one: <c>fraud</c>, <c>fraud@champion</c>; may hold whatever a caller sent, so that writers must escape it.</param>
public readonly record struct AuditSubject(string Kind, string Name);
