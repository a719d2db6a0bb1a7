namespace Slipway.Pipelines.Expressions;

/// <summary>The names of an expression that it does not define itself.</summary>
internal static class FreeNames
{
    /// <summary>Names of one expression, as often as they stand there.</summary>
    public static IEnumerable<NameSyntax> Of(Syntax syntax) => Of(syntax, []);

    /// <summary>Names of rules; a definition is known to those behind it.</summary>
    public static IEnumerable<NameSyntax> Of(IReadOnlyList<Definition> definitions)
    {
        HashSet<string> defined = [];
        foreach (Definition definition in definitions)
        {
            foreach (NameSyntax name in Of(definition.Value).Where(name => !defined.Contains(name.Path)))
            {
                yield return name;
            }

            defined.Add(definition.Name);
        }
    }

    private static IEnumerable<NameSyntax> Of(Syntax syntax, string[] known) => syntax switch
    {
        NameSyntax name => known.Contains(name.Path) ? [] : [name],
        IndexSyntax index => Of(index.Of, known).Concat(Of(index.Index, known)),
        UnarySyntax unary => Of(unary.Operand, known),
        BinarySyntax binary => Of(binary.Left, known).Concat(Of(binary.Right, known)),
        InSyntax among => Of(among.Operand, known).Concat(among.Choices.SelectMany(choice => Of(choice, known))),
        IfSyntax choice => Of(choice.Condition, known).Concat(Of(choice.Then, known)).Concat(Of(choice.Else, known)),
        LetSyntax let => Of(let.Value, known).Concat(Of(let.Body, [.. known, let.Name])),
        CallSyntax call => call.Arguments.SelectMany(argument => Of(argument, known)),
        FoldSyntax fold => Of(fold.From, known).Concat(Of(fold.To, known)).Concat(Of(fold.Body, [.. known, fold.Name])),
        _ => [],
    };
}
