using Slipway.Pmml.Documents;
using Slipway.Pmml.Fields;
using Slipway.Pmml.Models.Association;
using Slipway.Pmml.Values;

namespace Slipway.Pmml.Models.Sequences;

/// <summary>Reads the rules of a <c>SequenceModel</c>: items, sets of items, sequences of sets, and rules between sequences.</summary>
/// <param name="model">The element.</param>
/// <param name="fields">Names of the fields that give items.</param>
/// <param name="plan">Takes the texts.</param>
internal sealed class SequenceReader(PmmlElement model, IReadOnlyList<string> fields, PlanBuilder plan)
{
    private const int LongestSequence = 1_000;

    private readonly Dictionary<string, (SequenceItem[] Items, string Text)> _sets = new(StringComparer.Ordinal);
    private readonly Dictionary<string, (SequencePattern Pattern, string Text)> _sequences = new(StringComparer.Ordinal);
    private readonly PmmlElement? _constraints = model.Child("Constraints");

    /// <summary>The rules in the order of the document.</summary>
    public SequenceRule[] Read()
    {
        ReadSets();
        TimeSpanRange separation = Range("ItemsetSeparationTime");
        TimeSpanRange total = Range("TotalSequenceTime");
        foreach (PmmlElement sequence in model.ChildrenNamed("Sequence"))
        {
            _sequences[sequence.Required("id")] = Sequence(sequence, separation, total);
        }

        TimeSpanRange between = Range("AntConsSeparationTime");
        return [.. model.ChildrenNamed("SequenceRule").Select(rule => Rule(rule, between.IsAny ? separation : between))];
    }

    private void ReadSets()
    {
        Dictionary<string, (SequenceItem Item, string Text)> items = new(StringComparer.Ordinal);
        foreach (PmmlElement item in model.ChildrenNamed("Item"))
        {
            string? category = item.Attribute("category");
            string value = category ?? item.Required("value");
            int field = item.Attribute("field") is { } name ? FieldOf(item, name) : -1;
            items[item.Required("id")] = (new SequenceItem(field, plan.Code(value)), item.Attribute("value") ?? value);
        }

        foreach (PmmlElement set in model.ChildrenNamed("Itemset"))
        {
            (SequenceItem Item, string Text)[] members = [.. set.ChildrenNamed("ItemRef").Select(reference => items.TryGetValue(reference.Required("itemRef"), out (SequenceItem, string) item)
                ? item
                : throw PmmlError.Invalid(reference, $"names the item '{reference.Attribute("itemRef")}', which the model does not have"))];
            _sets[set.Required("id")] = ([.. members.Select(static member => member.Item)], TextOf([.. members.Select(static member => member.Text)]));
        }

        foreach (PmmlElement predicate in model.ChildrenNamed("SetPredicate"))
        {
            if (predicate.Attribute("operator") is { } operation and not "supersetOf")
            {
                throw PmmlError.NotSupported(predicate, $"operator=\"{operation}\"");
            }

            int field = FieldOf(predicate, predicate.Required("field"));
            string[] values = [.. PmmlArray.Strings(predicate.RequiredChild("Array"))];
            _sets[predicate.Required("id")] = ([.. values.Select(value => new SequenceItem(field, plan.Code(value)))], TextOf(values));
        }
    }

    private (SequencePattern Pattern, string Text) Sequence(PmmlElement element, TimeSpanRange separation, TimeSpanRange total)
    {
        List<SequenceStep> steps = [];
        SequenceLink link = SequenceLink.Later;
        string text = "";
        foreach (PmmlElement child in element.Children)
        {
            if (child.Name == "Delimiter")
            {
                link = LinkOf(child);
            }
            else if (child.Name == "SetReference")
            {
                (SequenceItem[] items, string written) = _sets.TryGetValue(child.Required("setId"), out (SequenceItem[], string) set)
                    ? set
                    : throw PmmlError.Invalid(child, $"names the set '{child.Attribute("setId")}', which the model does not have");
                text += steps.Count == 0 ? written : (link == SequenceLink.Same ? " + " : " >> ") + written;
                steps.Add(new SequenceStep(items, link, separation));
            }
        }

        return steps.Count is > 0 and <= LongestSequence
            ? (new SequencePattern([.. steps], total), text)
            : throw PmmlError.Invalid(element, $"has {steps.Count} itemsets: expected 1 to {LongestSequence}");
    }

    private SequenceRule Rule(PmmlElement rule, TimeSpanRange separation)
    {
        (SequencePattern Pattern, string Text) antecedent = Referred(rule.RequiredChild("AntecedentSequence"));
        (SequencePattern Pattern, string Text) consequent = Referred(rule.RequiredChild("ConsequentSequence"));
        SequenceLink link = rule.Child("Delimiter") is { } delimiter ? LinkOf(delimiter) : SequenceLink.Later;
        return new SequenceRule(
            rule.Required("id"), antecedent, consequent, antecedent.Pattern.Then(consequent.Pattern, link, separation),
            [.. RuleRanking.Statistics.Select(name => rule.Number(name) ?? Cell.Missing)], plan);
    }

    private (SequencePattern Pattern, string Text) Referred(PmmlElement side)
    {
        PmmlElement reference = side.RequiredChild("SequenceReference");
        return _sequences.TryGetValue(reference.Required("seqId"), out (SequencePattern, string) sequence)
            ? sequence
            : throw PmmlError.Invalid(reference, $"names the sequence '{reference.Attribute("seqId")}', which the model does not have");
    }

    // Whether there may be something between is all that a gap says: one that is there may be one of none as well.
    private static SequenceLink LinkOf(PmmlElement delimiter) => (delimiter.Required("delimiter"), delimiter.Attribute("gap") ?? "unknown") switch
    {
        ("sameTimeWindow", "true" or "false" or "unknown") => SequenceLink.Same,
        ("acrossTimeWindows", "false") => SequenceLink.Next,
        ("acrossTimeWindows", "true" or "unknown") => SequenceLink.Later,
        var (kind, gap) => throw PmmlError.Invalid(delimiter, $"has delimiter=\"{kind}\" and gap=\"{gap}\": expected sameTimeWindow or acrossTimeWindows, and true, false or unknown"),
    };

    private TimeSpanRange Range(string name) => _constraints is null
        ? TimeSpanRange.Any
        : new TimeSpanRange(_constraints.Number("minimum" + name) ?? 0, _constraints.Number("maximum" + name) ?? double.PositiveInfinity);

    private int FieldOf(PmmlElement element, string name)
    {
        for (int i = 0; i < fields.Count; i++)
        {
            if (fields[i] == name)
            {
                return i;
            }
        }

        throw PmmlError.Invalid(element, $"names the field '{name}', which is no active field of the model");
    }

    private static string TextOf(string[] values) => values.Length == 1 ? values[0] : "{" + string.Join(" , ", values) + "}";
}
