namespace Slipway.Pipelines.Expressions;

/// <summary>
/// Reads expressions and texts of rules. Nothing is repeated without a bound and nothing calls itself: the only loops are folds over a range. Nesting is bounded, so
/// that no text can exhaust the stack.
/// </summary>
internal sealed class Parser
{
    private const int MaxDepth = 100;
    private const int MaxTree = 300;
    private const int MaxDefinitions = 256;
    private const int MaxChoices = 10_000;

    private static readonly string[] Folds = ["sum", "mean", "min", "max", "any", "all", "count"];
    private static readonly string[] Loops = ["while", "loop", "repeat", "until", "foreach", "do", "def", "function", "fun", "fn", "lambda", "return", "goto", "recurse"];

    private readonly List<Token> _tokens;
    private int _at;
    private int _depth;

    private Parser(string text)
    {
        _tokens = Lexer.Read(text);
    }

    private Token Now => _tokens[_at];

    /// <summary>Reads one expression.</summary>
    /// <exception cref="Slipway.Core.SlipwayException"><see cref="Slipway.Core.ErrorCode.InvalidConfiguration"/>, with line and column.</exception>
    public static Syntax ReadExpression(string text)
    {
        Parser parser = new(text);
        Syntax expression = parser.Expression();
        return parser.Now.Kind == TokenKind.End ? expression : throw parser.Unexpected("the end");
    }

    /// <summary>Reads definitions; a new one begins with its name and <c>=</c>, wherever lines end.</summary>
    /// <exception cref="Slipway.Core.SlipwayException"><see cref="Slipway.Core.ErrorCode.InvalidConfiguration"/>, with line and column.</exception>
    public static IReadOnlyList<Definition> ReadRules(string text)
    {
        Parser parser = new(text);
        List<Definition> definitions = [];
        while (parser.Now.Kind != TokenKind.End)
        {
            if (definitions.Count == MaxDefinitions)
            {
                throw ExpressionFailure.At(parser.Now.At, $"at most {MaxDefinitions} definitions are allowed");
            }

            definitions.Add(parser.ReadDefinition());
            while (parser.TrySign(";"))
            {
            }
        }

        return definitions.Exists(static definition => definition.IsOutput)
            ? definitions
            : throw ExpressionFailure.At(parser.Now.At, "at least one definition is expected, as in: decision = if score > 0.8 then \"review\" else \"approve\"");
    }

    private Definition ReadDefinition()
    {
        Place place = Now.At;
        bool isLet = TryWord("let");
        string name = Name("the name of what is defined");
        Sign("=");
        Syntax value = Expression();
        return Now.Kind == TokenKind.End || IsSign(";") || IsWord("let") || (Now.Kind == TokenKind.Name && _tokens[_at + 1] is { Kind: TokenKind.Sign, Text: "=" })
            ? new Definition(place, name, value, !isLet)
            : throw Unexpected("an operator, or the next definition");
    }

    private Syntax Expression()
    {
        if (++_depth > MaxDepth)
        {
            throw ExpressionFailure.At(Now.At, $"nested more than {MaxDepth} deep");
        }

        Syntax expression = IsWord("if") ? Choice() : IsWord("let") ? Let() : Or();
        _depth--;
        return Bounded(expression);
    }

    private IfSyntax Choice()
    {
        Place place = Take().At;
        Syntax condition = Expression();
        Word("then");
        Syntax then = Expression();
        Word("else");
        return new IfSyntax(place, condition, then, Expression());
    }

    private LetSyntax Let()
    {
        Place place = Take().At;
        string name = Name("a name");
        Sign("=");
        Syntax value = Expression();
        Word("in");
        return new LetSyntax(place, name, value, Expression());
    }

    private Syntax Or() => Chain(And, "or");

    private Syntax And() => Chain(Not, "and");

    private Syntax Chain(Func<Syntax> operand, string word)
    {
        Syntax left = operand();
        while (IsWord(word))
        {
            Place place = Take().At;
            left = Bounded(new BinarySyntax(place, word, left, operand()));
        }

        return left;
    }

    private Syntax Not()
    {
        if (!IsWord("not"))
        {
            return Comparison();
        }

        Place place = Take().At;
        return Nested(() => new UnarySyntax(place, "not", Not()));
    }

    private Syntax Comparison()
    {
        Syntax left = Sum();
        if (IsSign("==", "!=", "<", "<=", ">", ">="))
        {
            Token sign = Take();
            Syntax right = Sum();
            return IsSign("==", "!=", "<", "<=", ">", ">=")
                ? throw ExpressionFailure.At(Now.At, "comparisons can't be chained: write a < b and b < c")
                : new BinarySyntax(sign.At, sign.Text, left, right);
        }

        bool isNot = IsWord("not") && _tokens[_at + 1] is { Kind: TokenKind.Word, Text: "in" };
        if (!isNot && !IsWord("in"))
        {
            return left;
        }

        // The 'in' of a let does not begin a list.
        if (!isNot && _tokens[_at + 1] is not { Kind: TokenKind.Sign, Text: "[" })
        {
            return left;
        }

        Place place = Take().At;
        if (isNot)
        {
            Take();
        }

        return new InSyntax(place, left, Choices(), isNot);
    }

    private List<Syntax> Choices()
    {
        Sign("[");
        List<Syntax> choices = [];
        do
        {
            if (choices.Count == MaxChoices)
            {
                throw ExpressionFailure.At(Now.At, $"at most {MaxChoices} choices are allowed");
            }

            choices.Add(Expression());
        }
        while (TrySign(","));
        Sign("]");
        return choices;
    }

    private Syntax Sum() => Operators(Product, "+", "-");

    private Syntax Product() => Operators(Unary, "*", "/", "//", "%");

    private Syntax Operators(Func<Syntax> operand, params string[] signs)
    {
        Syntax left = operand();
        while (IsSign(signs))
        {
            Token sign = Take();
            left = Bounded(new BinarySyntax(sign.At, sign.Text, left, operand()));
        }

        return left;
    }

    private Syntax Unary()
    {
        if (!IsSign("-"))
        {
            return Element();
        }

        Place place = Take().At;

        // The smallest whole number has no positive counterpart.
        return Nested(() => new UnarySyntax(place, "-", Unary()));
    }

    private Syntax Element()
    {
        Syntax value = Primary();
        while (IsSign("["))
        {
            Place place = Take().At;
            Syntax index = Expression();
            Sign("]");
            value = Bounded(new IndexSyntax(place, value, index));
        }

        return value;
    }

    private Syntax Primary()
    {
        Token token = Now;
        bool isValue = token.Kind switch
        {
            TokenKind.End => false,
            TokenKind.Sign => token.Text == "(",
            TokenKind.Word => token.Text is "true" or "false" or "nan" or "inf",
            _ => true,
        };
        if (!isValue)
        {
            throw Unexpected("a value");
        }

        Take();
        switch (token.Kind)
        {
            case TokenKind.Integer:
                return new IntegerSyntax(token.At, token.Integer);
            case TokenKind.Number:
                return new NumberSyntax(token.At, token.Number);
            case TokenKind.Text:
                return new TextSyntax(token.At, token.Text);
            case TokenKind.Word when token.Text is "true" or "false":
                return new TruthSyntax(token.At, token.Text == "true");
            case TokenKind.Word when token.Text is "nan" or "inf":
                return new NumberSyntax(token.At, token.Text == "nan" ? double.NaN : double.PositiveInfinity);
            case TokenKind.Name:
                return IsSign("(") ? Call(token) : new NameSyntax(token.At, Path(token.Text));
            default:
                Syntax inner = Expression();
                Sign(")");
                return inner;
        }
    }

    private string Path(string first)
    {
        string path = first;
        while (TrySign("."))
        {
            path += "." + Name("a name behind the point");
        }

        return path;
    }

    private Syntax Call(Token name)
    {
        Sign("(");
        List<Syntax> arguments = [];
        if (!TrySign(")"))
        {
            do
            {
                arguments.Add(Expression());
            }
            while (arguments.Count < MaxDepth && TrySign(","));
            if (arguments.Count == 1 && IsWord("for"))
            {
                return Fold(name, arguments[0]);
            }

            Sign(")");
        }

        return new CallSyntax(name.At, name.Text, arguments);
    }

    private FoldSyntax Fold(Token name, Syntax body)
    {
        if (!Folds.Contains(name.Text))
        {
            throw ExpressionFailure.At(name.At, $"'{name.Text}' can't be taken over a range: {string.Join(", ", Folds)} can");
        }

        Take();
        string variable = Name("a name");
        Word("in");
        Syntax from = Sum();
        Sign("..");
        Syntax to = Sum();
        Sign(")");
        return new FoldSyntax(name.At, name.Text, body, variable, from, to);
    }

    private T Nested<T>(Func<T> read)
        where T : Syntax
    {
        if (++_depth > MaxDepth)
        {
            throw ExpressionFailure.At(Now.At, $"nested more than {MaxDepth} deep");
        }

        T syntax = read();
        _depth--;
        return syntax;
    }

    // A chain of operators leans to the left: its depth is its length, to which that of what stands in it is added.
    private static Syntax Bounded(Syntax syntax) => syntax.Depth <= MaxTree
        ? syntax
        : throw ExpressionFailure.At(syntax.At, $"more than {MaxTree} operators within each other: give parts of it names with let");

    private Token Take() => _tokens[_at < _tokens.Count - 1 ? _at++ : _at];

    private bool IsSign(params ReadOnlySpan<string> signs) => Now.Kind == TokenKind.Sign && signs.Contains(Now.Text);

    private bool IsWord(string word) => Now.Kind == TokenKind.Word && Now.Text == word;

    private bool TrySign(string sign)
    {
        if (!IsSign(sign))
        {
            return false;
        }

        Take();
        return true;
    }

    private bool TryWord(string word)
    {
        if (!IsWord(word))
        {
            return false;
        }

        Take();
        return true;
    }

    private void Sign(string sign)
    {
        if (!TrySign(sign))
        {
            throw Unexpected($"'{sign}'");
        }
    }

    private void Word(string word)
    {
        if (!TryWord(word))
        {
            throw Unexpected($"'{word}'");
        }
    }

    private string Name(string what) => Now.Kind == TokenKind.Name ? Take().Text : throw Unexpected(what);

    private Slipway.Core.SlipwayException Unexpected(string expected)
    {
        Token before = _tokens[Math.Max(0, _at - 1)];
        Token culprit = Now.Kind == TokenKind.Name && Loops.Contains(Now.Text) ? Now : before;
        string message = culprit.Kind == TokenKind.Name && Loops.Contains(culprit.Text) || IsWord("for")
            ? $"'{(IsWord("for") ? "for" : culprit.Text)}' is unbounded and not in the language: there are no loops and no functions of one's own, only {string.Join(", ", Folds)} over a range, as in sum(x[i] for i in 0..3)"
            : IsSign("=") ? "'=' defines; equality is written =="
            : Now.Kind == TokenKind.End ? $"{expected} is expected before the end" : $"{expected} is expected, not '{Now.Text}'";
        return ExpressionFailure.At(Now.At, message);
    }
}
