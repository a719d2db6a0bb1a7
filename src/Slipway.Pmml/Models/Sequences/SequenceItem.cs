namespace Slipway.Pmml.Models.Sequences;

/// <summary>An item that an event may have: a value, of one field or of any.</summary>
/// <param name="Field">Place of the field among those that give items; -1 for any of them.</param>
/// <param name="Code">The value, as a symbol.</param>
internal readonly record struct SequenceItem(int Field, double Code);
