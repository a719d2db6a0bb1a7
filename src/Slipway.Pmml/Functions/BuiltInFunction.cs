using Slipway.Pmml.Evaluation;

namespace Slipway.Pmml.Functions;

/// <summary>A function of the standard.</summary>
/// <param name="Name">Name.</param>
/// <param name="Fewest">Fewest arguments.</param>
/// <param name="Most">Most arguments.</param>
/// <param name="Create">Makes the call from its arguments.</param>
internal sealed record BuiltInFunction(string Name, int Fewest, int Most, Func<Expression[], Expression> Create);
