using Slipway.Pmml.Documents;
using Slipway.Pmml.Fields;

namespace Slipway.Pmml.Results;

/// <summary>What an <c>OutputField</c> asks of a model.</summary>
/// <param name="Element">The output field.</param>
/// <param name="Feature">Name of the feature.</param>
/// <param name="Scope">Fields that it can name.</param>
/// <param name="Plan">The plan.</param>
internal sealed record OutputRequest(PmmlElement Element, string Feature, Scope Scope, PlanBuilder Plan)
{
    /// <summary>The attribute <c>value</c>: mostly a category.</summary>
    public string? Value => Element.Attribute("value");

    /// <summary>Place in a ranking, from 1; 0 for all.</summary>
    public int Rank => Element.Integer("rank") is { } rank and >= 0 ? rank : 1;
}
