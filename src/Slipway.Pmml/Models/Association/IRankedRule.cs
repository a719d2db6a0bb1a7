namespace Slipway.Pmml.Models.Association;

/// <summary>A rule of an association or sequence model, as output fields show it. Texts and the id are symbols.</summary>
internal interface IRankedRule
{
    /// <summary>Its id: the document's, or its place from 1.</summary>
    double Id { get; }

    /// <summary>The whole rule as a text.</summary>
    double Text { get; }

    /// <summary>What it starts from.</summary>
    double AntecedentText { get; }

    /// <summary>What it brings.</summary>
    double ConsequentText { get; }

    /// <summary>A statistic by its number in <see cref="RuleRanking.Statistics"/>; missing when the document does not have it.</summary>
    double Statistic(int index);
}
