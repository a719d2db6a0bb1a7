using System.Globalization;
using Slipway.Pmml.Documents;
using Slipway.Pmml.Evaluation;
using Slipway.Pmml.Predicates;
using Slipway.Pmml.Results;

namespace Slipway.Pmml.Models.Mining;

/// <summary>A model of a mining model and when it takes part. Immutable.</summary>
internal sealed class Segment
{
    /// <summary>Its id as a symbol: the document's, or its place from 1.</summary>
    public required double Id { get; init; }

    /// <summary>When it takes part.</summary>
    public required Predicate Predicate { get; init; }

    /// <summary>Its weight where segments are weighted.</summary>
    public required double Weight { get; init; }

    /// <summary>Its weight where that changes from row to row (<c>VariableWeight</c>): a field that its model gives; null where the weight stays the same.</summary>
    public Expression? VariableWeight { get; init; }

    /// <summary>The model.</summary>
    public required ModelUnit Unit { get; init; }

    /// <summary>Whether it takes part whatever the row.</summary>
    public bool IsAlways => ReferenceEquals(Predicate, ConstantPredicate.True);

    /// <summary>The id that an element has or is given by its place.</summary>
    public static string IdOf(PmmlElement element, int index) => element.Attribute("id") ?? (index + 1).ToString(CultureInfo.InvariantCulture);

    /// <summary>The model within a segment.</summary>
    public static PmmlElement ModelOf(PmmlElement segment) => segment.Children.FirstOrDefault(static child => child.Child("MiningSchema") is not null)
        ?? throw PmmlError.Invalid(segment, "has no model");
}
