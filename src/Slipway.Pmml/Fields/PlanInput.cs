using Slipway.Pmml.Values;

namespace Slipway.Pmml.Fields;

/// <summary>A value that callers give for each row.</summary>
/// <param name="Name">Name of the field.</param>
/// <param name="Type">Its type.</param>
/// <param name="Slot">Where the value as given is put.</param>
internal sealed record PlanInput(string Name, PmmlType Type, int Slot);
